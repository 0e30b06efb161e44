import type { AxisValue } from '#shared/run/compare/brush.ts';
import type { Footprint, FootprintQuantity } from '#shared/run/compare/footprint.ts';
import type { Better } from '#shared/run/compare/pareto.ts';
import { CONFIG_PREFIX, METRIC_PREFIX, SUMMARY_FIELDS } from '#shared/run/filter/fields.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { TABLE_FORMATS } from '../../components/chart/summary.ts';
import type { AxisFormat } from '../../components/chart/types.ts';
import { describeSeries } from '../../panels/series-name.ts';
import type { Direction } from '../../stores/compare.ts';

/** Something that each run has one value of: an axis of parallel coordinates, of a scatter plot. */
export interface Quantity {
  /** `accuracy`, `flash`, `metric.train/loss`, `config.training.batchSize`. */
  id: string;
  title: string;
  group: 'Results' | 'Deployment' | 'Last value of a curve' | 'Configuration' | 'Run';
  format: AxisFormat;
  /** Null: neither way is better, or nobody knows. */
  better: Better | null;
  /** Whether it is always a number. */
  numeric: boolean;
}

/** A run's value with where it is from; without a value, why there is none. */
export interface QuantityValue {
  value: AxisValue;
  certainty: FootprintQuantity['certainty'];
  note: string;
}

export const DEPLOYMENT = ['flash', 'ram', 'macs', 'instructions', 'zeros'] as const;
export type Deployment = (typeof DEPLOYMENT)[number];
export const isDeployment = (id: string): id is Deployment => DEPLOYMENT.some((each) => each === id);

const DEPLOYED: Record<Deployment, Omit<Quantity, 'id' | 'group' | 'numeric'>> = {
  flash: { title: 'Flash', format: 'bytes', better: 'lower' },
  ram: { title: 'RAM', format: 'bytes', better: 'lower' },
  macs: { title: 'Operations (MACs)', format: 'count', better: 'lower' },
  instructions: { title: 'Instructions', format: 'count', better: 'lower' },
  zeros: { title: 'Zero weights', format: 'percent', better: 'higher' },
};

type Shown = Pick<Quantity, 'group' | 'format' | 'better'>;
const SUMMARY: Record<string, Shown> = {
  test: { group: 'Results', format: 'percent', better: 'higher' },
  validation: { group: 'Results', format: 'percent', better: 'higher' },
  loss: { group: 'Results', format: 'number', better: 'lower' },
  seconds: { group: 'Results', format: 'duration', better: 'lower' },
  epochs: { group: 'Run', format: 'count', better: null },
  dataset: { group: 'Run', format: 'number', better: null },
  model: { group: 'Run', format: 'number', better: null },
  weights: { group: 'Run', format: 'number', better: null },
  activations: { group: 'Run', format: 'number', better: null },
  status: { group: 'Run', format: 'number', better: null },
  device: { group: 'Run', format: 'number', better: null },
};
const TITLES: Record<string, string> = { loss: 'Test loss', seconds: 'Training time', epochs: 'Epochs done' };
const FIELDS = new Map(SUMMARY_FIELDS.map((field) => [field.name, field]));

/** The quantity of an id; null: there is none such. A direction that a person chose goes before what a name says. */
export function quantityOf(
  id: string,
  directions: Readonly<Record<string, Direction>> = {},
): Quantity | null {
  const found = described(id);
  const said = directions[id.startsWith(METRIC_PREFIX) ? id.slice(METRIC_PREFIX.length) : id];
  return found && said ? { ...found, better: said === 'none' ? null : said } : found;
}

function described(id: string): Quantity | null {
  if (isDeployment(id)) return { id, group: 'Deployment', numeric: true, ...DEPLOYED[id] };
  if (id.startsWith(METRIC_PREFIX)) {
    const { title, format, better } = describeSeries(id.slice(METRIC_PREFIX.length));
    return { id, title, format, better, group: 'Last value of a curve', numeric: true };
  }
  if (id.startsWith(CONFIG_PREFIX)) {
    const title = id.slice(CONFIG_PREFIX.length);
    return { id, title, group: 'Configuration', format: 'number', better: null, numeric: false };
  }
  const shown = SUMMARY[id];
  const field = FIELDS.get(id);
  if (!shown || !field) return null;
  const numeric = field.kind === 'number' || field.kind === 'share';
  return { id, title: TITLES[id] ?? field.title, numeric, ...shown };
}

/** What can be an axis, by the names of fields and series that the host knows. */
export function offeredQuantities(
  fields: { config: readonly { path: string }[]; metrics: readonly string[] },
  directions: Readonly<Record<string, Direction>> = {},
): Quantity[] {
  return [
    ...['test', 'validation', 'loss', 'seconds'],
    ...DEPLOYMENT,
    ...fields.metrics.map((name) => METRIC_PREFIX + name),
    ...fields.config.map(({ path }) => CONFIG_PREFIX + path),
    ...['epochs', 'dataset', 'model', 'weights', 'activations', 'status', 'device'],
  ].flatMap((id) => quantityOf(id, directions) ?? []);
}

/** A value of a run's summary. */
export function summaryValue(run: RunSummary, id: string): QuantityValue {
  const value = FIELDS.get(id)?.value(run) ?? null;
  const plain = typeof value === 'number' || typeof value === 'string' ? value : listText(value);
  return measured(plain, run.status === 'finished' ? 'not measured' : `the run is ${run.status}`);
}

function listText(value: unknown): string | null {
  return Array.isArray(value) && value.length > 0 ? value.join(' + ') : null;
}

/** A value of a curve or a configuration. */
export function fieldValue(value: unknown, id: string): QuantityValue {
  const known = typeof value === 'boolean' ? String(value) : value;
  const plain = typeof known === 'number' || typeof known === 'string' ? known : null;
  return measured(plain, id.startsWith(METRIC_PREFIX) ? 'not measured' : 'not set');
}

export function footprintValue(footprint: Footprint | undefined, id: Deployment): QuantityValue {
  return footprint?.[id] ?? measured(null, 'not known yet');
}

function measured(value: AxisValue, missing: string): QuantityValue {
  return { value, certainty: 'measured', note: value === null ? missing : '' };
}

/** A value as a person reads it, an estimate marked as one; what is missing says why. */
export function valueText(
  { format }: Pick<Quantity, 'format'>,
  { value, certainty, note }: QuantityValue,
): string {
  if (value === null) return note;
  const text = typeof value === 'string' ? value : TABLE_FORMATS[format](value);
  return certainty === 'estimated' ? `≈ ${text}` : text;
}
