import { BitsmithError, messageOf } from '../base/errors.ts';
import { parseRunConfig, type RunConfig } from '../run/config.ts';
import { choosesForm, withField } from './config-path.ts';
import type { SearchConfig } from './config.ts';
import type { Json } from './dimension.ts';
import { pathsOf, type Point } from './space.ts';

/** What a trial is trained by. */
export interface Candidate {
  /** Not yet checked against its data set. */
  document: Json;
  config: RunConfig;
}

/**
 * The run configuration of a point: the search's own with each parameter's fields set. Fields that choose a form (a
 * method, a kind of optimizer) are set first, so that others may belong to the chosen one.
 *
 * @throws BitsmithError `invalid-input` naming the field, its value and what is allowed
 */
export function candidateOf(search: Pick<SearchConfig, 'run' | 'space'>, point: Point): Candidate {
  const what = `the run configuration with ${describePoint(point)}`;
  const document = candidateDocument(search, baseOf(search), point);
  return { document, config: parseRunConfig(document, what) };
}

/** The run configuration that trials begin with, defaults filled in. @throws BitsmithError `invalid-input` */
function baseOf({ run }: Pick<SearchConfig, 'run'>): Json {
  // Through JSON: what is undefined is not there.
  return JSON.parse(JSON.stringify(parseRunConfig(run, 'the run configuration of the search'))) as Json;
}

function candidateDocument(
  { run, space }: Pick<SearchConfig, 'run' | 'space'>,
  base: Json,
  point: Point,
): Json {
  const settings = Object.entries(space).flatMap(([name, dimension]) =>
    pathsOf(name, dimension).map((path) => ({ path, value: point[name] ?? null })),
  );
  const order = [
    ...settings.filter(({ path }) => choosesForm(path)),
    ...settings.filter(({ path }) => !choosesForm(path)),
  ];
  return order.reduce<Json>((document, { path, value }) => withField(document, base, path, value), run);
}

/** `training.learningRate = 0.01, training.batchSize = 50` */
export function describePoint(point: Point): string {
  return Object.entries(point)
    .map(([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** Epochs that a point is trained for, or what is wrong with it. */
export function epochsOf(
  search: Pick<SearchConfig, 'run' | 'space'>,
  point: Point,
): { epochs: number; problem: null } | { epochs: 0; problem: string } {
  try {
    return { epochs: candidateOf(search, point).config.training.epochs, problem: null };
  } catch (error) {
    if (!(error instanceof BitsmithError)) throw error;
    return { epochs: 0, problem: messageOf(error) };
  }
}
