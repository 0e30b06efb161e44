import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#shared/base/tensorflow.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { layerKindOf } from '#shared/model/layers/registry.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { LayerSpecSchema } from '#shared/model/spec.ts';
import type { ResolvedLayer } from '#shared/model/types.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

function resolved(fields: Record<string, unknown>, shape: number[]): ResolvedLayer {
  const spec = LayerSpecSchema.parse({ id: 'layer', padValue: 'minus-one', ...fields });
  const out = layerKindOf(spec.kind).inferShape(spec, [shape]);
  return { spec, inputs: ['input'], inputShapes: [shape], shape: out, inputBits: 1, outputBits: 32 };
}

function forward(layer: ResolvedLayer, x: Tensor, kernel: Tensor): Tensor {
  return layerKindOf(layer.spec.kind).forward(layer, [x], {
    tf,
    variables: {},
    update: () => undefined,
    quantizedKernel: () => kernel,
    quantizedActivation: (value) => value,
  });
}

const KINDS = [{ kind: 'conv2d', filters: 1 }, { kind: 'depthwise-conv2d' }];

describe.each(TEST_BACKENDS)('a border of −1 on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(KINDS)('3×3 over 2×2, by hand, with gradients of the inside alone: %o', async (fields) => {
    const layer = resolved({ ...fields, kernel: 3 }, [2, 2, 1]);
    const [y, dx, dw] = tf.tidy(() => {
      const x = tf.tensor([1, -1, -1, 1], [1, 2, 2, 1]);
      const w = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3, 1, 1]);
      const gradients = tf.grads((a: Tensor, b: Tensor) => tf.sum(forward(layer, a, b)))([x, w]);
      return [forward(layer, x, w), ...gradients];
    }) as [Tensor, Tensor, Tensor];
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expect([...(await y.data())]).toEqual([-17, -21, -29, -33]);
    expect([...(await dx.data())]).toEqual([12, 16, 24, 28]);
    expect([...(await dw.data())]).toEqual([-2, -2, -4, -2, 0, -2, -4, -2, -2]);
    tf.dispose([y, dx, dw]);
  });

  it.each(KINDS)(
    '"same" with a stride has its odd row and column at the bottom and right: %o',
    async (fields) => {
      const layer = resolved({ ...fields, kernel: 3, strides: 2 }, [4, 4, 1]);
      // The kernel sees its last row and column only: what lies outside for the last outputs.
      const y = tf.tidy(() =>
        forward(layer, tf.ones([1, 4, 4, 1]), tf.tensor([0, 0, 1, 0, 0, 2, 4, 8, 16], [3, 3, 1, 1])),
      );
      expect([...(await y.data())]).toEqual([31, -1 - 2 + 4 + 8 - 16, 1 + 2 - 28, -31]);
      y.dispose();
    },
  );
});

describe('the field "padValue"', () => {
  const conv = { id: 'c', kind: 'conv2d', filters: 1, kernel: 3 };

  it('leaves no trace where it says what is so anyway, so that hashes of configurations stay', () => {
    const plain = JSON.stringify(LayerSpecSchema.parse(conv));
    expect(plain).not.toContain('padValue');
    expect(JSON.stringify(LayerSpecSchema.parse({ ...conv, padValue: 'zero' }))).toBe(plain);
    expect(LayerSpecSchema.parse({ ...conv, padValue: 'minus-one' })).toMatchObject({
      padValue: 'minus-one',
    });
    expect(LayerSpecSchema.safeParse({ ...conv, padValue: -1 }).success).toBe(false);
  });

  it('is part of the trained layer where it pads, and only there', () => {
    const trained = (fields: object): TrainedNode | null => {
      const layer = resolved({ kind: 'conv2d', filters: 1, kernel: 3, ...fields }, [4, 4, 1]);
      return layerKindOf('conv2d').trained(layer, { variables: {}, deployed: { levels: [] } });
    };
    expect(trained({})).toMatchObject({ outside: -1 });
    for (const fields of [{ padding: 'valid' }, { kernel: 1 }, { padValue: 'zero' }]) {
      expect(trained(fields)).not.toHaveProperty('outside');
    }
  });
});

describe('presets with the option "padValue"', () => {
  const presets = MODEL_PRESETS.filter(({ options }) => 'padValue' in options.shape);
  const sign = {
    weights: WeightChoiceSchema.parse({ method: 'bnn' }),
    activations: ActivationChoiceSchema.parse({ method: 'bnn' }),
  };
  const padValues = (layers: readonly object[]) =>
    layers.flatMap((layer) => ('padValue' in layer ? [layer] : []));

  it('are those of binary networks that pad', () => {
    const ids = presets.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['bnn-cifar', 'vgg-small', 'bi-real-18', 'resnet8', 'resnet18']),
    );
    expect(ids).not.toContain('gxnor-cifar');
  });

  it.each(presets.map((preset) => [preset.id, preset] as const))(
    '%s pads as in its paper without it, and with it all that a binary activation feeds',
    (_id, { build, usual, options }) => {
      expect(JSON.stringify(options.parse({ padValue: 'zero' }))).toBe(JSON.stringify(options.parse({})));
      const plain = build(usual.shape, usual.classes);
      expect(padValues(plain.layers)).toEqual([]);
      const padded = build(usual.shape, usual.classes, { padValue: 'minus-one' });
      const [first, ...others] = padded.layers.filter(({ kind }) => kind === 'conv2d');
      expect(first).not.toHaveProperty('padValue');
      expect(padValues(others).length).toBeGreaterThan(1);
      // The combination rules accept it with signs, and with nothing else.
      expect(resolveModel(padded, sign, usual.classes).outputs).toBe(usual.classes);
      const ternary = { ...sign, activations: ActivationChoiceSchema.parse({ method: 'gxnor' }) };
      expect(() => resolveModel(padded, ternary)).toThrow(/"padValue" is "minus-one".*"gxnor"/);
      expect(plain.layers).toEqual(padded.layers.map((layer) => ({ ...layer, padValue: undefined })));
    },
  );
});
