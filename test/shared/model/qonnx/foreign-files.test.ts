import { describe, expect, it } from 'vitest';
import type { OnnxNode, OnnxTensor } from '#shared/model/qonnx/onnx.ts';
import { readModel } from '#shared/model/qonnx/read/read-model.ts';
import { node, numbers, onnxModel, weights } from '#test/support/onnx-files.ts';

const GENERAL = 'qonnx.custom_op.general';
const quant = (name: string, input: string, bits: string, attributes = {}) =>
  node(name, 'Quant', [input, 'one', 'zero', bits], { signed: 1, narrow: 0, ...attributes }, GENERAL);
const COMMON = [numbers('one', 1), numbers('zero', 0), numbers('b2', 2), numbers('b4', 4), numbers('b8', 8)];
const HEAD = [node('flat', 'Flatten', ['conv']), node('out', 'MatMul', ['flat', 'w2'])];
const WEIGHTS = [weights('w1', 4, 3, 3, 3), weights('w2', 256, 10), ...COMMON];
const CONV = node('conv', 'Conv', ['x', 'w1'], { pads: [1, 1, 1, 1] });

function read(nodes: OnnxNode[], tensors: OnnxTensor[], over: Parameters<typeof onnxModel>[2] = {}) {
  const { spec, notes } = readModel(onnxModel(nodes, tensors, over), 'net.onnx');
  return { layers: spec.layers as unknown as Record<string, unknown>[], spec, notes };
}

describe('a file of another tool', () => {
  it('as PyTorch exports it: Gemm, Relu, pooling, padding on all sides', () => {
    const { layers, spec } = read(
      [
        node('/features/0/Conv', 'Conv', ['x', 'w', 'b'], {
          pads: [1, 1, 1, 1],
          kernel_shape: [3, 3],
          strides: [2, 2],
        }),
        node(
          '/features/1/BatchNormalization',
          'BatchNormalization',
          ['/features/0/Conv', 's', 's', 's', 's'],
          {
            epsilon: Math.fround(1e-5),
          },
        ),
        node('/features/2/Relu', 'Relu', ['/features/1/BatchNormalization']),
        node('/pool/MaxPool', 'MaxPool', ['/features/2/Relu'], {
          kernel_shape: [3, 3],
          strides: [2, 2],
          ceil_mode: 1,
        }),
        node('/Flatten', 'Flatten', ['/pool/MaxPool'], { axis: 1 }),
        node('/fc/Gemm', 'Gemm', ['/Flatten', 'w2', 'b2'], { transB: 1 }),
        node('/Softmax', 'Softmax', ['/fc/Gemm'], { axis: 1 }),
      ],
      [weights('w', 4, 3, 3, 3), weights('b', 4), weights('s', 4), weights('w2', 10, 16), weights('b2', 10)],
    );
    expect(spec.input.shape).toEqual([8, 8, 3]);
    expect(layers).toMatchObject([
      { id: 'features-0', kind: 'conv2d', filters: 4, kernel: 3, strides: 2, padding: 1, bias: true },
      { id: 'features-1', kind: 'batch-norm', epsilon: 1e-5 },
      { id: 'features-2', kind: 'activation', activations: { method: 'full-precision', function: 'relu' } },
      {
        id: 'pool',
        kind: 'max-pool',
        size: 3,
        strides: 2,
        padding: 'same',
      },
      { id: 'flatten', kind: 'flatten' },
      { id: 'fc', kind: 'dense', units: 10, bias: true, weights: { method: 'full-precision' } },
    ]);
  });

  it('as Brevitas exports it: quantized weights and activations, a Relu before an unsigned quantizer', () => {
    const { layers, notes } = read(
      [
        node('n', 'Mul', ['x', 'one']),
        quant('xq', 'n', 'b8'),
        quant('wq', 'w1', 'b2', { narrow: 1 }),
        node('conv', 'Conv', ['xq', 'wq'], { pads: [1, 1, 1, 1], group: 1 }),
        node('relu', 'Relu', ['conv']),
        quant('act', 'relu', 'b4', { signed: 0 }),
        node('mean', 'GlobalAveragePool', ['act']),
        node('shape', 'Reshape', ['mean', 'flat-shape']),
        quant('w2q', 'w2', 'b8', { narrow: 1 }),
        node('fc', 'MatMul', ['shape', 'w2q']),
        node('biased', 'Add', ['fc', 'b']),
      ],
      [
        ...COMMON,
        numbers('flat-shape', 1, -1),
        weights('w1', 4, 3, 3, 3),
        weights('w2', 4, 10),
        weights('b', 10),
      ],
      { shape: [null, 3, 8, 8] },
    );
    expect(layers).toMatchObject([
      { kind: 'conv2d', padding: 'same', weights: { method: 'twn' } },
      { id: 'act', activations: { method: 'lsq', bits: 4, signed: false } },
      { kind: 'global-average-pool' },
      { kind: 'dense', units: 10, bias: true, weights: { method: 'int8' } },
    ]);
    expect(layers).toHaveLength(4);
    expect(notes.join('\n')).toMatch(
      /normalises the samples here; left out: n\..*\n.*8 bits here anyway; left out: xq/,
    );
  });

  it('with a depthwise convolution, its border of -1, a shortcut of zero channels and a branch', () => {
    const { layers } = read(
      [
        node('bip', 'BipolarQuant', ['conv', 'one'], {}, GENERAL),
        node('border', 'Pad', ['bip', 'sides', 'minus']),
        node('wide', 'Conv', ['border', 'wd'], { group: 4, kernel_shape: [3, 3] }),
        node('pixels', 'Slice', ['bip', 'from', 'to', 'axes', 'step']),
        node('more', 'Pad', ['pixels', 'channels']),
        node('half', 'Conv', ['wide', 'w3'], { strides: [2, 2], auto_pad: 'SAME_UPPER' }),
        node('join', 'Add', ['half', 'more']),
        node('mean', 'ReduceMean', ['join'], { axes: [-1, -2], keepdims: 0 }),
        node('out', 'MatMul', ['mean', 'w4']),
      ].toSpliced(0, 0, CONV),
      [
        ...WEIGHTS,
        numbers('sides', 0, 0, 1, 1, 0, 0, 1, 1),
        { ...numbers('minus', -1), type: 'float' },
        weights('wd', 4, 1, 3, 3),
        numbers('from', 0, 0),
        numbers('to', 1000, 1000),
        numbers('axes', 2, 3),
        numbers('step', 2, 2),
        numbers('channels', 0, 2, 0, 0, 0, 2, 0, 0),
        weights('w3', 8, 4, 3, 3),
        weights('w4', 8, 10),
      ],
    );
    expect(layers).toMatchObject([
      { id: 'conv' },
      { id: 'bip', activations: { method: 'bnn' } },
      { id: 'wide', kind: 'depthwise-conv2d', padding: 'same', padValue: 'minus-one' },
      { id: 'more', kind: 'shortcut-a', inputs: ['bip'], filters: 8, strides: 2, zeros: 'around' },
      { id: 'half', kind: 'conv2d', inputs: ['wide'], strides: 2, padding: 'same' },
      { id: 'join', kind: 'add', inputs: ['half', 'more'] },
      { kind: 'global-average-pool' },
      { id: 'out', kind: 'dense' },
    ]);
  });

  it('with samples that are vectors, and with nodes that lead nowhere', () => {
    const { layers, spec, notes } = read(
      [node('lost', 'Relu', ['x']), node('fc', 'MatMul', ['x', 'w'])],
      [weights('w', 12, 3)],
      { shape: [1, 12] },
    );
    expect(spec.input.shape).toEqual([1, 1, 12]);
    expect(layers.map(({ kind }) => kind)).toEqual(['flatten', 'dense']);
    expect(notes[0]).toBe('Nodes that the output does not depend on are left out: 1.');
  });

  const shared = numbers('table', 0);
  it.each<[string, OnnxNode[], OnnxTensor[], Parameters<typeof onnxModel>[2], RegExp]>([
    [
      'an operator that is no layer',
      [CONV, node('lstm', 'LSTM', ['conv'])],
      [],
      {},
      /net\.onnx: node "lstm" \(LSTM\) is an operator that no layer stands for/,
    ],
    [
      'an operator of another domain',
      [node('t', 'Trunc', ['x'], {}, GENERAL)],
      [],
      {},
      /node "t" \(Trunc\) is an operator of qonnx\.custom_op\.general that/,
    ],
    ['a concatenation', [CONV, node('cat', 'Concat', ['conv', 'conv'])], [], {}, /node "cat" \(Concat\)/],
    [
      'grouped convolution',
      [node('g', 'Conv', ['x', 'w1'], { group: 2 })],
      [],
      {},
      /node "g" \(Conv\) has 2 groups over 3 channels; only 1 group/,
    ],
    [
      'a zero point',
      [node('q', 'Quant', ['x', 'one', 'one', 'b4'], {}, GENERAL)],
      [],
      {},
      /"q" \(Quant\) has a zero point other than 0/,
    ],
    [
      'a width of 16 bits',
      [CONV, quant('q', 'conv', 'b16')],
      [numbers('b16', 16)],
      {},
      /"q" \(Quant\) has a bit width of 16; allowed is one whole number from 1 to 8/,
    ],
    [
      'unsigned weights',
      [quant('wq', 'w1', 'b4', { signed: 0 }), node('c', 'Conv', ['x', 'wq'])],
      [],
      {},
      /"c" \(Conv\) has weights that no method gives \(4-bit unsigned\)/,
    ],
    [
      'data in another file',
      [CONV, ...HEAD],
      [{ name: 'w2', dims: [256, 10], type: 'float', data: null, external: 'net.bin' }],
      {},
      /tensor "w2" has its data in another file \(net\.bin\)/,
    ],
    [
      'an old operator set',
      [CONV, ...HEAD],
      [],
      { opset: 6 },
      /has version 6 of the standard operators; versions 7 to 25 are read/,
    ],
    ['two inputs', [CONV, ...HEAD], [], { inputs: ['x', 'y'] }, /has 2 inputs and 1 outputs/],
    [
      'open sizes',
      [CONV, ...HEAD],
      [],
      { shape: [1, 3, null, null] },
      /input "x" is \[1, 3, \?, \?\]; it must be \[samples, channels, height, width\]/,
    ],
    [
      'a tensor from nowhere',
      [node('c', 'Conv', ['y', 'w1'])],
      [],
      {},
      /"c" \(Conv\) reads "y", which no node before it gives/,
    ],
    [
      'a constant in the middle',
      [
        CONV,
        node('a', 'Add', ['conv', 'one']),
        node('b', 'Add', ['a', 'one']),
        node('m', 'MaxPool', ['b'], { kernel_shape: [2, 2] }),
      ],
      [],
      {},
      /"m" \(MaxPool\) follows "b", which adds a constant that is neither/,
    ],
    [
      'layers behind the end',
      [CONV, node('soft', 'Softmax', ['conv']), node('m', 'MaxPool', ['soft'], { kernel_shape: [2, 2] })],
      [],
      {},
      /"m" \(MaxPool\) follows "soft" \(Softmax\), behind which the network must end/,
    ],
    [
      'a product of two values',
      [CONV, node('p', 'Mul', ['conv', 'conv'])],
      [],
      {},
      /"p" \(Mul\) multiplies two values that depend on the sample/,
    ],
    [
      'shapes that do not fit',
      [CONV, ...HEAD.toSpliced(0, 1), node('z', 'MatMul', ['out', 'w2'])].map((one) =>
        one.name === 'out' ? { ...one, inputs: ['conv', 'w2'] } : one,
      ),
      [],
      {},
      /"out" \(MatMul\) reads a map; put a Flatten before it/,
    ],
    [
      'another reshape',
      [CONV, node('r', 'Reshape', ['conv', 'to'])],
      [numbers('to', 1, 16, 16)],
      {},
      /"r" \(Reshape\) does something else than flattening/,
    ],
    ['a map at the end', [CONV], [], {}, /its last layer "conv" must give one number per class/],
  ])('is refused with %s', (_, nodes, tensors, over, message) => {
    const given = new Set(tensors.map(({ name }) => name));
    const all = [...tensors, ...WEIGHTS.filter(({ name }) => !given.has(name)), shared];
    expect(() => read(nodes, all, over)).toThrow(message);
  });
});
