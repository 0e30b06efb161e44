import type { TF, Tensor, Tensor4D } from '../base/tensorflow.ts';
import type { Padding, TrainedGraph, TrainedNode } from '../export/trained-graph.ts';
import { floatActivation } from '../quant/methods/full-precision/index.ts';
import { uniformCodes, uniformOf } from '../quant/parts/uniform.ts';
import type { DeployedWeights, Staircase } from '../quant/types.ts';

/** A trained graph whose numbers lie on the back end. Dispose it when done. */
export interface Evaluator {
  /** Logits [batch, classes] for normalised samples [batch, height, width, channels]. */
  logits(x: Tensor): Tensor;
  dispose(): void;
}

/**
 * Evaluation in deployment form: convolutions with integer codes, each level scaled after its sum, batch norm as the
 * folded factor and offset, activations as staircases. So what is measured here is what is exported, and where the
 * inputs of a layer are integer codes the sums are exact in float32.
 */
export function createEvaluator(tf: TF, graph: TrainedGraph): Evaluator {
  const owned: Tensor[] = [];
  const constant = (values: Float32Array, shape?: number[]) => {
    const tensor = shape ? tf.tensor(values, shape, 'float32') : tf.tensor1d(values, 'float32');
    owned.push(tf.keep(tensor));
    return tensor;
  };
  const operations = graph.nodes.map((node) => ({ node, apply: prepare(tf, node, constant) }));
  return {
    logits: (x) =>
      tf.tidy(() => {
        const values = new Map<string, Tensor>([['input', x]]);
        for (const { node, apply } of operations) {
          values.set(
            node.id,
            apply(
              node.inputs.map((name) => {
                const value = values.get(name);
                if (!value) throw new RangeError(`node ${node.id}: no value ${name}`);
                return value;
              }),
            ),
          );
        }
        const output = values.get(graph.output);
        if (!output) throw new RangeError(`no output ${graph.output}`);
        return output;
      }),
    dispose: () => {
      for (const tensor of owned) tensor.dispose();
    },
  };
}

type Constant = (values: Float32Array, shape?: number[]) => Tensor;
type Apply = (inputs: readonly Tensor[]) => Tensor;

function prepare(tf: TF, node: TrainedNode, constant: Constant): Apply {
  switch (node.kind) {
    case 'conv2d': {
      const channels = weightCount(node.weights) / (node.kernel[0] * node.kernel[1] * (node.shape[2] ?? 1));
      const shape = [...node.kernel, channels, node.shape[2] ?? 1];
      return linear(tf, node.weights, node.bias, shape, constant, (x, w) =>
        tf.conv2d(
          x as Tensor4D,
          w as Tensor4D,
          pair(node.strides),
          pad(node.padding),
          'NHWC',
          pair(node.dilation),
        ),
      );
    }
    case 'depthwise-conv2d': {
      const shape = [...node.kernel, node.shape[2] ?? 1, 1];
      return linear(tf, node.weights, node.bias, shape, constant, (x, w) =>
        tf.depthwiseConv2d(
          x as Tensor4D,
          w as Tensor4D,
          pair(node.strides),
          pad(node.padding),
          'NHWC',
          pair(node.dilation),
        ),
      );
    }
    case 'dense': {
      const units = node.shape[0] ?? 1;
      const shape = [weightCount(node.weights) / units, units];
      return linear(tf, node.weights, node.bias, shape, constant, (x, w) =>
        tf.matMul(tf.reshape(x, [x.shape[0] ?? 1, shape[0] ?? 1]), w as never),
      );
    }
    case 'batch-norm': {
      const factor = constant(node.factor);
      const offset = constant(node.offset);
      return ([x]) => tf.add(tf.mul(one(x), factor), offset);
    }
    case 'max-pool':
      return ([x]) => tf.maxPool(one(x) as Tensor4D, pair(node.size), pair(node.strides), pad(node.padding));
    case 'average-pool':
      return ([x]) => tf.avgPool(one(x) as Tensor4D, pair(node.size), pair(node.strides), pad(node.padding));
    case 'global-average-pool':
      return ([x]) => tf.mean(one(x), [1, 2]);
    case 'add':
      return (values) => tf.addN([...values]);
    case 'flatten':
      return ([x]) => tf.reshape(one(x), [-1, ...node.shape]);
    case 'activation': {
      const { staircase, name } = node;
      return ([x]) =>
        staircase ? staircaseTensor(tf, staircase, one(x)) : floatActivation(tf, name, one(x));
    }
  }
}

/** Σ_level scale · op(x, codes) + bias. */
function linear(
  tf: TF,
  weights: DeployedWeights,
  bias: Float32Array | undefined,
  shape: number[],
  constant: Constant,
  operation: (x: Tensor, w: Tensor) => Tensor,
): Apply {
  const offset = bias ? constant(bias) : null;
  const levels = weights.float
    ? [{ codes: constant(weights.float, shape), scale: null }]
    : weights.levels.map(({ codes, scale }) => ({
        codes: constant(Float32Array.from(codes), shape),
        scale: constant(scale),
      }));
  return ([x]) => {
    const terms = levels.map(({ codes, scale }) => {
      const sum = operation(one(x), codes);
      return scale ? tf.mul(sum, scale) : sum;
    });
    const [first, ...rest] = terms;
    const total = rest.reduce((sum, term) => tf.add(sum, term), one(first));
    return offset ? tf.add(total, offset) : total;
  };
}

/** Where a staircase has more thresholds than this, rounding costs less than a comparison with each of them. */
const FEW_THRESHOLDS = 3;

/** The value of a staircase: by rounding where it is evenly spaced, else threshold by threshold. */
export function staircaseTensor(tf: TF, staircase: Staircase, y: Tensor): Tensor {
  const uniform = staircase.thresholds.length > FEW_THRESHOLDS ? uniformOf(staircase) : null;
  if (!uniform) return staircaseByThresholds(tf, staircase, y);
  return tf.mul(uniformCodes(tf, y, uniform.step, uniform.low, uniform.high), uniform.step);
}

/** The value of any staircase: that of its first step plus the rise at each threshold that is passed. */
export function staircaseByThresholds(tf: TF, staircase: Staircase, y: Tensor): Tensor {
  const { thresholds, inclusive, codes, scale, more = [] } = staircase;
  const terms = [{ codes, scale }, ...more].map((term) => {
    let value: Tensor = tf.fill(y.shape, term.codes[0] ?? 0);
    thresholds.forEach((threshold, i) => {
      const rise = (term.codes[i + 1] ?? 0) - (term.codes[i] ?? 0);
      if (rise === 0) return;
      const passed = inclusive[i] ? tf.sub(1, tf.step(tf.sub(threshold, y))) : tf.step(tf.sub(y, threshold));
      value = tf.add(value, rise === 1 ? passed : tf.mul(passed, rise));
    });
    return term.scale === 1 ? value : tf.mul(value, term.scale);
  });
  return terms.reduce((sum, term) => tf.add(sum, term));
}

function weightCount(weights: DeployedWeights): number {
  return weights.float?.length ?? weights.levels[0]?.codes.length ?? 0;
}

function one(tensor: Tensor | undefined): Tensor {
  if (!tensor) throw new RangeError('an input is missing');
  return tensor;
}

function pair([a, b]: readonly [number, number]): [number, number] {
  return [a, b];
}

function pad({
  top,
  bottom,
  left,
  right,
}: Padding): 'valid' | [[0, 0], [number, number], [number, number], [0, 0]] {
  if (top + bottom + left + right === 0) return 'valid';
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
