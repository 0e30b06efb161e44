import type { OnnxModel, OnnxNode } from '#shared/model/qonnx/onnx.ts';

/**
 * Runs an ONNX model on one sample, operator by operator as the ONNX and QONNX specifications define them, in float32.
 * Written for tests from those specifications alone: it knows nothing of layers, quantization methods or layouts.
 */
export interface Tensor {
  dims: number[];
  data: number[];
}

const f = Math.fround;

export function evaluateOnnx(model: OnnxModel, input: Tensor): Map<string, Tensor> {
  const values = new Map<string, Tensor>();
  for (const { name, dims, data } of model.graph.initializers)
    values.set(name, { dims: [...dims], data: Array.from(data ?? []) });
  values.set(model.graph.inputs[0]?.name ?? '', input);
  for (const node of model.graph.nodes) {
    const inputs = node.inputs.map((name) => {
      const value = values.get(name);
      if (!value && name !== '') throw new Error(`${node.name}: no value ${name}`);
      return value as Tensor;
    });
    values.set(node.outputs[0] ?? '', run(node, inputs));
  }
  return values;
}

function run(node: OnnxNode, inputs: Tensor[]): Tensor {
  const operator = (node.domain === '' ? STANDARD : QONNX)[node.type];
  if (!operator) throw new Error(`${node.name}: no operator ${node.domain} ${node.type}`);
  return operator(inputs as [Tensor, Tensor, Tensor, Tensor, Tensor], node);
}

type Operator = (inputs: [Tensor, Tensor, Tensor, Tensor, Tensor], node: OnnxNode) => Tensor;

function integers(node: OnnxNode, name: string, fallback: number[]): number[] {
  const found = node.attributes[name];
  return found?.kind === 'integers' ? [...found.value] : fallback;
}
function number(node: OnnxNode, name: string, fallback: number): number {
  const found = node.attributes[name];
  return found?.kind === 'integer' || found?.kind === 'float' ? found.value : fallback;
}
function text(node: OnnxNode, name: string): string {
  const found = node.attributes[name];
  return found?.kind === 'text' ? found.value : '';
}

const count = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
const map = ({ dims, data }: Tensor, change: (x: number) => number): Tensor => ({
  dims,
  data: data.map(change),
});

/** Numpy's broadcasting. */
function binary(a: Tensor, b: Tensor, operation: (x: number, y: number) => number): Tensor {
  const rank = Math.max(a.dims.length, b.dims.length);
  const padded = (dims: number[]) => [...Array.from({ length: rank - dims.length }, () => 1), ...dims];
  const [left, right] = [padded(a.dims), padded(b.dims)];
  const dims = left.map((size, axis) => Math.max(size, right[axis]!));
  const at = (index: number, own: number[]) => {
    let [rest, stride, offset] = [index, 1, 0];
    for (let axis = rank - 1; axis >= 0; axis--) {
      const place = rest % dims[axis]!;
      rest = Math.floor(rest / dims[axis]!);
      if (own[axis] !== 1) offset += place * stride;
      stride *= own[axis]!;
    }
    return offset;
  };
  const data = Array.from({ length: count(dims) }, (_, i) =>
    f(operation(a.data[at(i, left)]!, b.data[at(i, right)]!)),
  );
  return { dims, data };
}

interface Window {
  kernel: number[];
  strides: number[];
  dilations: number[];
  pads: number[];
}

/** For every output pixel the input pixels under its window; −1 for those in the padding. */
function slide([height = 0, width = 0]: number[], { kernel, strides, dilations, pads }: Window) {
  const sizes = [height, width].map((size, axis) => {
    const extent = (kernel[axis]! - 1) * dilations[axis]! + 1;
    return Math.floor((size + pads[axis]! + pads[axis + 2]! - extent) / strides[axis]!) + 1;
  });
  const taps: number[][] = [];
  for (let oy = 0; oy < sizes[0]!; oy++) {
    for (let ox = 0; ox < sizes[1]!; ox++) {
      const row: number[] = [];
      for (let ky = 0; ky < kernel[0]!; ky++) {
        for (let kx = 0; kx < kernel[1]!; kx++) {
          const y = oy * strides[0]! + ky * dilations[0]! - pads[0]!;
          const x = ox * strides[1]! + kx * dilations[1]! - pads[1]!;
          row.push(y >= 0 && y < height && x >= 0 && x < width ? y * width + x : -1);
        }
      }
      taps.push(row);
    }
  }
  return { sizes, taps };
}

function windowOf(node: OnnxNode): Window {
  return {
    kernel: integers(node, 'kernel_shape', []),
    strides: integers(node, 'strides', [1, 1]),
    dilations: integers(node, 'dilations', [1, 1]),
    pads: integers(node, 'pads', [0, 0, 0, 0]),
  };
}

function pool(x: Tensor, node: OnnxNode, reduce: (values: number[], taps: number) => number): Tensor {
  const [, channels = 1, height = 1, width = 1] = x.dims;
  const { sizes, taps } = slide([height, width], windowOf(node));
  const data: number[] = [];
  for (let c = 0; c < channels; c++) {
    for (const row of taps) {
      const inside = row.filter((pixel) => pixel >= 0).map((pixel) => x.data[c * height * width + pixel]!);
      data.push(reduce(inside, row.length));
    }
  }
  return { dims: [1, channels, ...sizes], data };
}

/** Sums in float32, one addition after the other: exact where everything is a small integer. */
const STANDARD: Record<string, Operator> = {
  Add: ([a, b]) => binary(a, b, (x, y) => x + y),
  Sub: ([a, b]) => binary(a, b, (x, y) => x - y),
  Mul: ([a, b]) => binary(a, b, (x, y) => x * y),
  Relu: ([x]) => map(x, (value) => Math.max(0, value)),
  Identity: ([x]) => x,
  Tanh: ([x]) => map(x, (value) => f(Math.tanh(value))),
  Clip: ([x, low, high]) => map(x, (value) => Math.min(high.data[0]!, Math.max(low.data[0]!, value))),
  MatMul: ([a, b]) => {
    const [inputs = 1, units = 1] = b.dims;
    const data = Array.from({ length: units }, (_, unit) => {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum = f(sum + f(a.data[i]! * b.data[i * units + unit]!));
      return sum;
    });
    return { dims: [1, units], data };
  },
  Conv: ([x, w, bias], node) => {
    const [, channels = 1, height = 1, width = 1] = x.dims;
    const [filters = 1, perGroup = 1] = w.dims;
    const groups = number(node, 'group', 1);
    if (perGroup * groups !== channels) throw new Error(`${node.name}: groups do not fit`);
    const { sizes, taps } = slide([height, width], windowOf(node));
    const data: number[] = [];
    for (let filter = 0; filter < filters; filter++) {
      const from = Math.floor(filter / (filters / groups)) * perGroup;
      for (const row of taps) {
        let sum = 0;
        for (let c = 0; c < perGroup; c++) {
          for (const [tap, pixel] of row.entries()) {
            if (pixel < 0) continue;
            const weight = w.data[(filter * perGroup + c) * row.length + tap]!;
            sum = f(sum + f(x.data[(from + c) * height * width + pixel]! * weight));
          }
        }
        data.push(bias ? f(sum + bias.data[filter]!) : sum);
      }
    }
    return { dims: [1, filters, ...sizes], data };
  },
  BatchNormalization: ([x, scale, offset, mean, variance], node) => {
    const channels = x.dims[1] ?? 1;
    const size = x.data.length / channels;
    const epsilon = f(number(node, 'epsilon', 1e-5));
    return {
      dims: x.dims,
      data: x.data.map((value, i) => {
        const c = Math.floor(i / size);
        const deviation = f(Math.sqrt(f(variance.data[c]! + epsilon)));
        return f(f(f(f(value - mean.data[c]!) / deviation) * scale.data[c]!) + offset.data[c]!);
      }),
    };
  },
  MaxPool: ([x], node) => pool(x, node, (values) => Math.max(...values)),
  AveragePool: ([x], node) =>
    pool(x, node, (values, taps) => {
      const sum = values.reduce((a, b) => f(a + b), 0);
      return f(sum / (number(node, 'count_include_pad', 0) ? taps : values.length));
    }),
  GlobalAveragePool: ([x]) => {
    const [, channels = 1, height = 1, width = 1] = x.dims;
    const size = height * width;
    const data = Array.from({ length: channels }, (_, c) => {
      const sum = x.data.slice(c * size, (c + 1) * size).reduce((a, b) => f(a + b), 0);
      return f(sum / size);
    });
    return { dims: [1, channels, 1, 1], data };
  },
  Flatten: ([x], node) => {
    const axis = number(node, 'axis', 1);
    return { dims: [count(x.dims.slice(0, axis)), count(x.dims.slice(axis))], data: x.data };
  },
  Transpose: ([x], node) => {
    const perm = integers(node, 'perm', []);
    const dims = perm.map((axis) => x.dims[axis]!);
    const strides = x.dims.map((_, axis) => count(x.dims.slice(axis + 1)));
    const data = Array.from({ length: x.data.length }, (_, index) => {
      let [rest, from] = [index, 0];
      for (let axis = dims.length - 1; axis >= 0; axis--) {
        from += (rest % dims[axis]!) * strides[perm[axis]!]!;
        rest = Math.floor(rest / dims[axis]!);
      }
      return x.data[from]!;
    });
    return { dims, data };
  },
  Slice: ([x, starts, ends, axes, steps]) => {
    const places = x.dims.map((size, axis) => {
      const i = axes.data.indexOf(axis);
      if (i < 0) return Array.from({ length: size }, (_, place) => place);
      const [from, to, step] = [starts.data[i]!, Math.min(size, ends.data[i]!), steps.data[i]!];
      return Array.from({ length: Math.ceil((to - from) / step) }, (_, place) => from + place * step);
    });
    return gather(x, places);
  },
  Pad: ([x, sides, filling], node) => {
    if (text(node, 'mode') !== 'constant') throw new Error(`${node.name}: only constant padding`);
    const rank = x.dims.length;
    const places = x.dims.map((size, axis) => {
      const [before, after] = [sides.data[axis]!, sides.data[axis + rank]!];
      return Array.from({ length: before + size + after }, (_, i) =>
        i < before || i >= before + size ? -1 : i - before,
      );
    });
    return gather(x, places, filling.data[0]!);
  },
};

/** The elements at these places of every axis; −1 is `filling`. */
function gather(x: Tensor, places: number[][], filling = 0): Tensor {
  const dims = places.map((axis) => axis.length);
  const strides = x.dims.map((_, axis) => count(x.dims.slice(axis + 1)));
  const data = Array.from({ length: count(dims) }, (_, index) => {
    let [rest, from, outside] = [index, 0, false];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const place = places[axis]![rest % dims[axis]!]!;
      if (place < 0) outside = true;
      from += place * strides[axis]!;
      rest = Math.floor(rest / dims[axis]!);
    }
    return outside ? filling : x.data[from]!;
  });
  return { dims, data };
}

const ROUND: Record<string, (x: number) => number> = {
  ROUND: (x) => {
    const down = Math.floor(x);
    if (x - down !== 0.5) return Math.round(x);
    return down % 2 === 0 ? down : down + 1;
  },
  HALF_UP: (x) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5),
  HALF_DOWN: (x) => Math.sign(x) * Math.ceil(Math.abs(x) - 0.5),
};

const QONNX: Record<string, Operator> = {
  Quant: ([x, scale, zero, bits], node) => {
    const signed = number(node, 'signed', 1);
    const narrow = number(node, 'narrow', 0);
    const width = bits.data[0]!;
    if (signed && width === 1) throw new Error(`${node.name}: one signed bit is BipolarQuant's`);
    const low = signed ? -(2 ** (width - 1)) + narrow : 0;
    const high = signed ? 2 ** (width - 1) - 1 : 2 ** width - 1 - narrow;
    const round = ROUND[text(node, 'rounding_mode')];
    if (!round) throw new Error(`${node.name}: unknown rounding`);
    const steps = binary(
      binary(x, scale, (a, b) => a / b),
      zero,
      (a, b) => a + b,
    );
    const codes = map(steps, (value) => round(Math.min(high, Math.max(low, value))));
    return binary(
      binary(codes, zero, (a, b) => a - b),
      scale,
      (a, b) => a * b,
    );
  },
  BipolarQuant: ([x, scale]) =>
    binary(
      map(x, (value) => (value >= 0 ? 1 : -1)),
      scale,
      (a, b) => a * b,
    ),
  MultiThreshold: ([x, thresholds], node) => {
    if (thresholds.dims[0] !== 1) throw new Error(`${node.name}: one row of thresholds`);
    const scale = number(node, 'out_scale', 1);
    const bias = number(node, 'out_bias', 0);
    return map(x, (value) => f(scale * thresholds.data.filter((t) => value >= t).length + bias));
  },
};
