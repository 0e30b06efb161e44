import { initialStaircase } from '../combination/ranges.ts';
import { deployedWeights, variablesOf } from '../trained.ts';
import type { ResolvedModel } from '../resolve.ts';
import type { ResolvedLayer, Shape } from '../types.ts';
import { initialValues } from '../variables.ts';

/** A value as the firmware has it, as far as that is sure before training. */
export interface IntegerValue {
  /** `raw`: bytes of the samples; `codes`: of an activation; `sums`: of such values, in 32 bits. */
  kind: 'raw' | 'codes' | 'sums';
  /** Largest magnitude. */
  largest: number;
  /** Whether every value is −1, 0 or +1. */
  isTernary: boolean;
}

/** A byte apart from its zero point, which kernels add before the zero point is taken off: 255 and at most 255. */
const RAW: IntegerValue = { kind: 'raw', largest: 510, isTernary: false };

/** Values of the network by layer id, and of `input`; none where the firmware has several terms, or sums with factors. */
export function integerValues({ layers }: Pick<ResolvedModel, 'layers'>): ReadonlyMap<string, IntegerValue> {
  const values = new Map<string, IntegerValue>([['input', RAW]]);
  for (const layer of layers) {
    const value = valueOf(layer, values.get(layer.inputs[0] ?? ''));
    if (value) values.set(layer.spec.id, value);
  }
  return values;
}

function valueOf(layer: ResolvedLayer, input: IntegerValue | undefined): IntegerValue | undefined {
  switch (layer.spec.kind) {
    case 'activation':
      return codesOf(layer);
    case 'max-pool':
    case 'flatten':
    case 'dropout':
    case 'shortcut-a':
      return input;
    case 'average-pool':
    case 'global-average-pool':
      return input && { kind: 'sums', largest: input.largest * pooled(layer), isTernary: false };
    default:
      return undefined;
  }
}

function codesOf({ activation }: ResolvedLayer): IntegerValue | undefined {
  const staircase = activation && initialStaircase(activation);
  if (!staircase || (staircase.more ?? []).length > 0) return undefined;
  const largest = Math.max(...staircase.codes.map(Math.abs));
  return { kind: 'codes', largest, isTernary: largest <= 1 };
}

function pooled({ spec, inputShapes }: ResolvedLayer): number {
  const { size } = spec as { size?: number | [number, number] };
  const [height = 1, width = 1] = inputShapes[0] ?? [];
  if (size === undefined) return height * width;
  return typeof size === 'number' ? size * size : size[0] * size[1];
}

export interface WeightCodes {
  levels: number;
  /** Largest magnitude of a code. */
  largest: number;
}

const known = new Map<string, WeightCodes | null>();
const SAMPLE: Shape = [256];

/** What codes a weight method deploys, from a few weights drawn at random; null where they stay in floating point. */
export function weightCodes({ weights }: ResolvedLayer): WeightCodes | null {
  if (!weights) return null;
  const key = JSON.stringify(weights);
  const before = known.get(key);
  if (before !== undefined) return before;
  const layer: ResolvedLayer = {
    spec: { id: 'sample', kind: 'dense', units: 8, bias: false } as ResolvedLayer['spec'],
    inputs: ['input'],
    inputShapes: [SAMPLE],
    shape: [8],
    weights,
    inputBits: 8,
    outputBits: 32,
  };
  const values = initialValues({ name: 'sample', inputShape: SAMPLE, layers: [layer], outputs: 8 }, 1);
  const deployed = deployedWeights(layer, variablesOf('sample', values));
  const found =
    deployed && !deployed.float
      ? {
          levels: deployed.levels.length,
          largest: Math.max(...deployed.levels.map(({ codes }) => Math.max(...codes.map(Math.abs)))),
        }
      : null;
  known.set(key, found);
  return found;
}
