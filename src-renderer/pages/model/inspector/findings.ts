import { isObject, type JsonKey } from '#shared/base/json-document.ts';
import { formatPath } from '#shared/base/schema.ts';
import type { InspectedLayer, ModelProblem } from '#shared/model/inspect/types.ts';
import type { Lint } from '#shared/model/lint/types.ts';
import type { FormProblem } from '../../../components/form/schema-edit.ts';

/** What the inspector says of a layer or of the network: something wrong, or advice. */
export interface Finding {
  key: string;
  severity: 'error' | 'warning' | 'information';
  /** Absent: the network as a whole. */
  layer?: string;
  text: string;
  fix?: Lint['fix'];
}

/** A problem's sentence where the layer is named already. */
export function ownWords(message: string): string {
  const text = message.replace(/^(layer "[^"]*"( \([^)]*\))?|the network): /, '');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?:]$/.test(sentence) ? sentence : `${sentence}.`;
}

export function problemFinding({ message, layer, rule }: ModelProblem): Finding {
  return {
    key: `${layer ?? ''} ${rule ?? ''} ${message}`,
    severity: 'error',
    text: ownWords(message),
    ...(layer === undefined || layer === '' ? {} : { layer }),
  };
}

export function lintFinding({ rule, layer, severity, message, fix }: Lint): Finding {
  return {
    key: `${layer} ${rule} ${message}`,
    severity,
    layer,
    text: ownWords(message),
    ...(fix ? { fix } : {}),
  };
}

/** Everything that is said of a network, what is wrong first. */
export function allFindings(
  problems: readonly ModelProblem[],
  lints: ReadonlyMap<string, readonly Lint[]>,
): Finding[] {
  const advice = [...lints.values()].flat().map(lintFinding);
  return [
    ...problems.map(problemFinding),
    ...advice.filter(({ severity }) => severity === 'warning'),
    ...advice.filter(({ severity }) => severity === 'information'),
  ];
}

/** The problems of a layer's fields, as a form takes them. */
export function fieldProblems(
  layer: Pick<InspectedLayer, 'problems'>,
  inside: readonly JsonKey[] = [],
): FormProblem[] {
  return layer.problems.flatMap(({ field, message }) => {
    if (!field || !inside.every((key, i) => field[i] === key)) return [];
    return [{ path: formatPath(field.slice(inside.length)), text: ownWords(message) }];
  });
}

/** The problems of a layer that no field shows. */
export function otherProblems(
  layer: Pick<InspectedLayer, 'problems'>,
  shown: readonly string[],
): ModelProblem[] {
  return layer.problems.filter(({ field }) => !field || !shown.includes(String(field[0])));
}

/** A raw choice of a method in a document, if there is one. */
export function rawChoice(value: unknown): { method: string; [parameter: string]: unknown } | undefined {
  return isObject(value) && typeof value.method === 'string' ? { ...value, method: value.method } : undefined;
}
