import { planAt, planUses, sparsityAt } from '#shared/train/moment.ts';
import type { TrainingPlan } from '#shared/train/plan.ts';
import { percent } from '../base/format.ts';
import type { ChartBand, ChartLine, LineChart } from '../chart/types.ts';
import { sampleCurve } from './sample-curve.ts';

export interface PlanCharts {
  rate: LineChart;
  /** Everything else that the plan lets change; null where nothing else does. */
  shares: LineChart | null;
  /** What keeps still, and from when on, one sentence each. */
  freezes: string[];
}

const x = { label: 'Epoch', format: 'number' as const };

/**
 * A training plan over its epochs, each value computed by `planAt` and `sparsityAt`: the functions that the trainer asks
 * at every step.
 *
 * @param log learning rate on a logarithmic axis
 */
export function planCharts(plan: TrainingPlan, log: boolean): PlanCharts {
  const bands = planBands(plan);
  const line = (id: string, label: string, look: number, at: (epoch: number) => number): ChartLine => ({
    id,
    label,
    look,
    ...sampleCurve(at, 0, plan.epochs),
  });
  const shared = bands.length > 0 ? { bands } : {};
  const uses = planUses(plan);
  const changing: ChartLine[] = [
    ...(plan.pruning ? [line('sparsity', 'Sparsity', 1, (epoch) => planAt(plan, epoch).sparsity)] : []),
    ...Object.keys(plan.pruning?.layers ?? {}).map((layer, i) =>
      line(`sparsity/${layer}`, `Sparsity of ${layer}`, 5 + i, (epoch) => sparsityAt(plan, epoch, layer)),
    ),
    ...(uses.weightBlend
      ? [line('weights', 'Weights quantized', 2, (epoch) => planAt(plan, epoch).weightQuantization)]
      : []),
    ...(uses.activationBlend
      ? [
          line(
            'activations',
            'Activations quantized',
            3,
            (epoch) => planAt(plan, epoch).activationQuantization,
          ),
        ]
      : []),
    ...(uses.regularization
      ? [line('regularization', 'Regularization', 4, (epoch) => planAt(plan, epoch).regularization)]
      : []),
  ];
  const highest = Math.max(1, ...changing.flatMap(({ y }) => Array.from(y)));
  const rate = line('rate', 'Learning rate', 0, (epoch) => planAt(plan, epoch).learningRate);
  return {
    rate: {
      kind: 'lines',
      lines: [rate],
      x,
      y: { label: 'Learning rate', format: 'number', log },
      ...shared,
    },
    shares:
      changing.length === 0
        ? null
        : {
            kind: 'lines',
            lines: changing,
            x,
            y: { label: 'Share', format: 'percent', log: false, min: 0, max: highest },
            ...shared,
          },
    freezes: freezesOf(plan),
  };
}

/** The phases of a plan, or its pruning rounds, as stretches of the epoch axis. */
export function planBands({ phases, pruning }: TrainingPlan): ChartBand[] {
  const parts = phases
    ? phases.map(({ name, epochs }) => ({ label: name, epochs }))
    : (pruning?.rounds?.levels ?? []).map((level) => ({
        label: percent(level, 0),
        epochs: pruning?.rounds?.epochs ?? 0,
      }));
  let begin = 0;
  return parts.map(({ label, epochs }) => {
    const from = begin;
    begin += epochs;
    return { from, to: begin, label };
  });
}

function freezesOf({ freeze, phases }: TrainingPlan): string[] {
  const things = [
    ['batchNorm', 'Batch norm keeps its statistics'],
    ['quantizer', 'Quantizers keep their scales and thresholds'],
  ] as const;
  return things.flatMap(([key, sentence]) => {
    const from = freeze[key];
    const named = (phases ?? []).filter((phase) => phase.freeze?.[key]).map(({ name }) => `“${name}”`);
    return [
      ...(from === undefined ? [] : [`${sentence} from epoch ${from} on.`]),
      ...(named.length > 0 ? [`${sentence} in ${named.join(', ')}.`] : []),
    ];
  });
}
