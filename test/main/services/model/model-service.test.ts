import { beforeEach, describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '#shared/contract/api/model.ts';
import type { OnnxModel } from '#shared/model/qonnx/onnx.ts';
import { writeModel } from '#shared/model/qonnx/write/write-model.ts';
import { decodeModel } from '#main/services/model/decode.ts';
import { encodeModel } from '#main/services/model/encode.ts';
import { createModelService, importModel } from '#main/services/model/index.ts';
import { node, onnxModel, weights } from '#test/support/onnx-files.ts';
import { randomNetwork } from '#test/support/qonnx-networks.ts';

const LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 4, kernel: 3 },
  { id: 'act1', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 4 },
];
const small = () => randomNetwork(LAYERS, { weights: { method: 'twn' }, activations: { method: 'gxnor' } });
const written = (): OnnxModel => {
  const { graph, model } = small();
  return writeModel(graph, model, { input: 'bytes', version: '1', documentation: 'Grüße' }).model;
};
const bytesOf = (text: string) => Buffer.from(text);

describe('ONNX bytes', () => {
  it('hold every field of a model', () => {
    const model = written();
    const attributes = { floats: { kind: 'floats' as const, value: [1, 2.5, -3] } };
    const nodes = model.graph.nodes.map((one) => ({
      ...one,
      attributes: { ...one.attributes, ...attributes },
    }));
    const all = { ...model, graph: { ...model.graph, nodes } };
    expect(decodeModel(encodeModel(all), 'net')).toEqual(all);
  });

  it('begin as the specification says: IR version 8, then the producer', () => {
    expect([...encodeModel(written()).subarray(0, 13)]).toEqual([
      0x08,
      8,
      0x12,
      8,
      ...bytesOf('Bitsmith'),
      0x1a,
    ]);
  });

  it('are read in the forms that other tools write: packed numbers, no raw data, an open size', () => {
    // graph { node { Relu x → y } initializer w [2] float_data } opset 13, by hand.
    const message = (field: number, body: number[]) => [field * 8 + 2, body.length, ...body];
    const text = (field: number, value: string) => message(field, [...bytesOf(value)]);
    const relu = [...text(1, 'x'), ...text(2, 'y'), ...text(4, 'Relu')];
    const floats = message(4, [...Buffer.from(Float32Array.of(1.5, -2).buffer)]);
    const tensor = [...message(1, [2]), 0x10, 1, ...floats, ...text(8, 'w')];
    const dims = [...message(1, text(2, 'batch')), ...message(1, [0x08, 3])];
    const input = [...text(1, 'x'), ...message(2, message(1, [0x08, 1, ...message(2, dims)]))];
    const graph = [...message(1, relu), ...message(5, tensor), ...message(11, input)];
    const bytes = Uint8Array.from([0x08, 7, ...message(7, graph), ...message(8, [0x10, 13])]);
    const model = decodeModel(bytes, 'net');
    expect(model.graph.nodes[0]).toMatchObject({ type: 'Relu', inputs: ['x'], outputs: ['y'] });
    expect(model.graph.initializers[0]).toEqual({
      name: 'w',
      dims: [2],
      type: 'float',
      data: Float32Array.of(1.5, -2),
    });
    expect(model.graph.inputs[0]?.shape).toEqual([null, 3]);
    expect(model.opsets).toEqual({ '': 13 });
  });

  it('that are cut or changed anywhere are a model or one clear error', () => {
    const whole = encodeModel(written());
    for (let i = 0; i < whole.length; i += 7) {
      for (const bytes of [whole.subarray(0, i), whole.with(i, whole[i]! ^ 0x55)]) {
        try {
          importModel(bytes, 'net.onnx');
        } catch (error) {
          expect(String(error)).toMatch(/^BitsmithError: net\.onnx/);
        }
      }
    }
  });

  it('that would be too many are refused before any work is done', () => {
    const much = { length: 2 ** 28 } as Float32Array;
    const model = onnxModel([node('y', 'MatMul', ['x', 'w'])], [{ ...weights('w', 1), data: much }]);
    expect(() => encodeModel(model)).toThrow(
      'network "foreign" has 268,435,456 numbers; a model file holds at most 134,217,728',
    );
    const bytes = { length: 2 ** 29 + 1 } as Uint8Array;
    expect(() => decodeModel(bytes, 'net')).toThrow(
      'net is larger than the 512 MiB that a model file may have',
    );
  });

  it('whose tensor does not fit its shape are refused', () => {
    const model = onnxModel([node('y', 'MatMul', ['x', 'w'])], [{ ...weights('w', 4, 2), dims: [4, 3] }]);
    expect(() => decodeModel(encodeModel(model), 'net')).toThrow(
      'net: tensor "w" has 8 numbers, but its shape [4, 3] needs 12',
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['net.onnx', bytesOf(''), /^net\.onnx is empty$/],
    ['net.onnx', bytesOf('hello, I am a text'), /^net\.onnx is no ONNX model, or is damaged$/],
    ['net.onnx', Uint8Array.of(8, 8), /^net\.onnx is no ONNX model: it has no graph/],
    ['net.json', bytesOf('{"layers":'), /^net\.json is no JSON: /],
    ['net.txt', bytesOf(' {"a": 1}'), /^net\.txt holds no network: /],
    [
      'net.json',
      bytesOf('{"version":1,"name":"n","input":{"shape":[8,8,1]},"layers":[{"id":"a","kind":"pool"}]}'),
      /"layers\[0\]\.kind" is "pool"/,
    ],
  ])('of %s that are no model: %#', (name, bytes, message) => {
    expect(() => importModel(bytes, name)).toThrow(message);
  });

  it('of JSON are a network, or the one of a configuration', () => {
    const spec = { version: 1, name: 'n', input: { shape: [8, 8, 1] }, layers: LAYERS };
    const plain = importModel(bytesOf(JSON.stringify(spec)), 'a file');
    expect(plain).toMatchObject({ spec, notes: [] });
    const configured = importModel(
      bytesOf(`\uFEFF${JSON.stringify({ name: 'run', model: spec })}`),
      'run.json',
    );
    expect(configured.spec).toEqual(plain.spec);
    expect(configured.notes).toHaveLength(1);
  });
});

describe('the model service', () => {
  let service = createModelService({
    version: '1',
    trained: () => ({ ...small(), run: 'r', checkpoint: 'c' }),
  });
  beforeEach(() => {
    service = createModelService({
      version: '1',
      trained: () => ({ ...small(), run: 'r', checkpoint: 'c' }),
    });
  });
  const draft = (model: unknown) => ({ kind: 'draft' as const, model, seed: 1 });
  const spec = { version: 1, name: 'My net!', input: { shape: [8, 8, 1] }, layers: LAYERS };

  it('gives a file in pieces and takes it so', async () => {
    // Larger than one message.
    const wide = { ...spec, layers: LAYERS.with(3, { id: 'out', kind: 'dense', units: 5000 }) };
    const made = await service.export({ source: draft(wide), format: 'qonnx' });
    expect(made.name).toBe('my-net.onnx');
    expect(made.bytes).toBeGreaterThan(PIECE_BYTES);
    let [at, taken] = [0, 0];
    while (at < made.bytes) {
      const { data } = await service.part({ download: made.download, from: at });
      at += Buffer.from(data, 'base64').length;
      taken = (await service.upload({ upload: 'one', data })).bytes;
    }
    expect(taken).toBe(made.bytes);
    const back = await service.import({ upload: 'one', name: made.name });
    expect((back.spec.layers as { id: string }[]).map(({ id }) => id)).toEqual([
      'conv1',
      'act1',
      'flat',
      'out',
    ]);
    expect(() => service.import({ upload: 'one', name: made.name })).toThrow(/was forgotten/);
  });

  it('states every method in JSON, and forgets files when others came', async () => {
    const first = await service.export({ source: draft(spec), format: 'json' });
    const text = Buffer.from(
      (await service.part({ download: first.download, from: 0 })).data,
      'base64',
    ).toString();
    const { layers } = JSON.parse(text) as { layers: { weights?: { method: string } }[] };
    expect(layers[0]?.weights?.method).toBe('twn');
    for (let i = 0; i < 4; i++) await service.export({ source: { kind: 'run', run: 'r' }, format: 'json' });
    expect(() => service.part({ download: first.download, from: 0 })).toThrow(/was forgotten/);
  });

  it('refuses a draft that is no sound network, naming the field or the layer', () => {
    const wrong = (layers: unknown[]) => () =>
      service.export({ source: draft({ ...spec, layers }), format: 'qonnx' });
    expect(wrong([{ id: 'a', kind: 'conv2d' }])).toThrow(/the network: "layers\[0\]\.filters" is missing/);
    expect(wrong(LAYERS.toSpliced(2, 1))).toThrow(/layer "out" \(dense\): needs a vector/);
  });

  it('writes the same file for the same draft', async () => {
    const files = [];
    for (let i = 0; i < 2; i++) {
      const { download } = await service.export({ source: draft(spec), format: 'qonnx' });
      files.push((await service.part({ download, from: 0 })).data);
    }
    expect(files[0]).toBe(files[1]);
  });
});
