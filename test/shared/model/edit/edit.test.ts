import { describe, expect, it } from 'vitest';
import { parseWith } from '#shared/base/schema.ts';
import {
  connect,
  connectionRefusal,
  disconnect,
  makeOutput,
  outputRefusal,
} from '#shared/model/edit/connect.ts';
import {
  chainOf,
  copyLayers,
  duplicateLayers,
  pasteAfter,
  readFragment,
} from '#shared/model/edit/fragment.ts';
import { addLoose, insertAfter, insertBefore, insertOnEdge } from '#shared/model/edit/insert.ts';
import { ancestorsOf, linksOf } from '#shared/model/edit/links.ts';
import { readNetwork, type NetworkDocument } from '#shared/model/edit/network.ts';
import { newLayer, replaceKind } from '#shared/model/edit/new-layer.ts';
import { removeLayers } from '#shared/model/edit/remove.ts';
import { renameLayer, renameRefusal } from '#shared/model/edit/rename.ts';
import { moveLayer } from '#shared/model/edit/reorder.ts';
import { wrapInResidual } from '#shared/model/edit/residual.ts';
import { LAYER_KINDS } from '#shared/model/layers/registry.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import { inferModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { randomNetwork } from './random-network.ts';

const RULES = {
  weights: { method: 'full-precision' },
  activations: { method: 'full-precision', function: 'relu' },
};
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

function resolved(network: NetworkDocument) {
  return inferModel(parseWith(ModelSpecSchema, network, 'the network'), RULES, 10);
}
/** What every layer reads, by its id: the meaning of a graph, whatever the order of its list. */
function meaning(network: NetworkDocument): Record<string, readonly string[]> {
  return Object.fromEntries(linksOf(network).map(({ layer, inputs }) => [layer.id, inputs]));
}
function expectSound(network: NetworkDocument): void {
  const known = new Set(['input']);
  for (const { layer, inputs } of linksOf(network)) {
    for (const name of inputs) expect(known, `${layer.id} reads ${name}`).toContain(name);
    expect(known).not.toContain(layer.id);
    known.add(layer.id);
  }
}
const chain = (...kinds: string[]): NetworkDocument => ({
  input: { shape: [8, 8, 4] },
  layers: kinds.map((kind, index) => ({ id: `l${index}`, kind })),
});
const ids = (network: NetworkDocument) => network.layers.map(({ id }) => id);

describe.each(SEEDS)('edits of random network %i', (seed) => {
  const network = randomNetwork(seed);
  const draw = new Draw(seed, 'edits');
  const some = () => draw.pick(ids(network));

  it('can be trained, and is what it was after a layer was put in and taken out again', () => {
    const before = resolved(network);
    const layer = newLayer(network, draw.pick(['batch-norm', 'activation', 'dropout']));
    const links = linksOf(network);
    const target = draw.pick(links);
    const index = draw.int(0, target.inputs.length - 1);
    for (const edited of [
      insertAfter(network, [draw.pick(['input', ...ids(network)])], layer),
      insertBefore(network, some(), layer),
      insertOnEdge(network, { target: target.layer.id, index }, layer),
    ]) {
      expectSound(edited);
      expect(resolved(edited).layers).toHaveLength(before.layers.length + 1);
      const back = removeLayers(edited, [layer.id]);
      expect(back).toEqual(network);
      expect(resolved(back)).toEqual(before);
    }
  });

  it('keeps the meaning of all other layers when one is added loose, connected and cut off again', () => {
    const loose = addLoose(network, newLayer(network, 'batch-norm'));
    const id = newLayer(network, 'batch-norm').id;
    expectSound(loose);
    expect(meaning(loose)).toEqual({ ...meaning(network), [id]: [] });
    expect(ids(loose).at(-1)).toBe(ids(network).at(-1));
    const source = some();
    const wired = connect(loose, source, id);
    expectSound(wired);
    expect(meaning(wired)).toEqual({ ...meaning(network), [id]: [source] });
    expect(meaning(disconnect(wired, { target: id, index: 0 }))).toEqual(meaning(loose));
  });

  it('refuses exactly the connections that close a circle or exist, and stays in order with all others', () => {
    const links = linksOf(network);
    for (let i = 0; i < 20; i++) {
      const [source, target] = [some(), some()];
      const reads = links.find(({ layer }) => layer.id === target)?.inputs ?? [];
      const circle = ancestorsOf(links, [source]).has(target);
      expect(connectionRefusal(network, source, target) !== null).toBe(circle || reads.includes(source));
      const next = connect(network, source, target);
      if (circle || reads.includes(source)) expect(next).toBe(network);
      else {
        expectSound(next);
        expect(meaning(next)[target]).toContain(source);
        for (const id of ids(network).filter((other) => other !== target)) {
          expect(meaning(next)[id]).toEqual(meaning(network)[id]);
        }
      }
    }
  });

  it('renames forth and back', () => {
    const id = some();
    const renamed = renameLayer(network, id, 'renamed');
    expect(resolved(renamed).layers.map(({ shape }) => shape)).toEqual(
      resolved(network).layers.map(({ shape }) => shape),
    );
    expect(JSON.stringify(meaning(renamed))).not.toContain(`"${id}"`);
    expect(renameLayer(renamed, 'renamed', id)).toEqual(network);
  });

  it('duplicates with fresh ids and the same connections inside, and removes the copies again', () => {
    const chosen = [...new Set([some(), some(), some()])];
    const copy = duplicateLayers(network, chosen);
    expectSound(copy.network);
    expect(copy.ids).toHaveLength(chosen.length);
    const inside = linksOf({ ...network, layers: copyLayers(network, chosen).layers });
    const names = new Map(inside.map(({ layer }, i) => [layer.id, copy.ids[i]]));
    for (const { layer, inputs } of inside) {
      const kept = meaning(copy.network)[names.get(layer.id) ?? ''] ?? [];
      for (const name of inputs.filter((input) => names.has(input))) {
        expect(kept).toContain(names.get(name));
      }
    }
    const back = removeLayers(copy.network, copy.ids.toReversed());
    expect(meaning(back)).toEqual(meaning(network));
  });

  it('moves layers forth and back without losing any, or says why not', () => {
    const id = some();
    for (const by of [-1, 1] as const) {
      const moved = moveLayer(network, id, by);
      if (!moved.ok) {
        expect(moved.refusal).toMatch(/\.$/);
        continue;
      }
      expectSound(moved.network);
      expect(ids(moved.network).indexOf(id)).toBe(ids(network).indexOf(id) + by);
      expect(ids(moved.network).toSorted()).toEqual(ids(network).toSorted());
      const back = moveLayer(moved.network, id, by === 1 ? -1 : 1);
      expect(back.ok && meaning(back.network)).toEqual(meaning(network));
    }
  });

  it('stays in order whatever is removed', () => {
    const gone = ids(network).filter(() => draw.chance(0.4));
    const rest = removeLayers(network, gone);
    expectSound(rest);
    expect(ids(rest).toSorted()).toEqual(
      ids(network)
        .filter((id) => !gone.includes(id))
        .toSorted(),
    );
  });
});

describe('a new layer', () => {
  it.each(LAYER_KINDS.map(({ kind }) => kind))('%s fits the schema of its kind', (kind) => {
    const layer = newLayer({ layers: [] }, kind);
    expect(LAYER_KINDS.find((one) => one.kind === kind)?.schema.safeParse(layer).error).toBeUndefined();
  });
  it('gets the next number of its name', () => {
    const network = {
      layers: ['conv1', 'conv7', 'convolution9', 'conv'].map((id) => ({ id, kind: 'conv2d' })),
    };
    expect(newLayer(network, 'conv2d').id).toBe('conv8');
  });
  it('joins branches when several layers are given and it can read several', () => {
    const network = chain('batch-norm', 'activation', 'flatten');
    const sum = insertAfter(network, ['l0', 'l1'], { id: 'sum', kind: 'add' });
    expect(meaning(sum)).toEqual({ l0: ['input'], l1: ['l0'], sum: ['l0', 'l1'], l2: ['sum'] });
  });
  it('becomes the output behind the last layer, and the whole of an empty network', () => {
    expect(ids(insertAfter(chain('flatten'), [], { id: 'end', kind: 'dense' }))).toEqual(['l0', 'end']);
    expect(meaning(addLoose({ layers: [] }, { id: 'a', kind: 'flatten' }))).toEqual({ a: ['input'] });
  });
});

describe('implied inputs', () => {
  it('are spelled out where another layer comes between, and only there', () => {
    const network = chain('batch-norm', 'activation', 'flatten');
    const loose = addLoose(network, { id: 'x', kind: 'dropout' });
    expect(loose.layers).toEqual([
      { id: 'l0', kind: 'batch-norm' },
      { id: 'l1', kind: 'activation' },
      { id: 'x', kind: 'dropout', inputs: [] },
      { id: 'l2', kind: 'flatten', inputs: ['l1'] },
    ]);
  });
  it('stay implied on a chain that grows', () => {
    const grown = insertAfter(chain('batch-norm', 'flatten'), ['l0'], { id: 'x', kind: 'dropout' });
    expect(grown.layers.every(({ inputs }) => inputs === undefined)).toBe(true);
  });
});

describe('removing', () => {
  it('the end of a branch gives a sum each value once', () => {
    const network: NetworkDocument = {
      layers: [
        { id: 'a', kind: 'batch-norm' },
        { id: 'b', kind: 'conv2d' },
        { id: 'c', kind: 'add', inputs: ['b', 'a'] },
      ],
    };
    expect(meaning(removeLayers(network, ['b']))).toEqual({ a: ['input'], c: ['a'] });
    expect(meaning(removeLayers(network, ['c']))).toEqual({ a: ['input'], b: ['a'] });
  });
  it('the output makes the layer before it the output, not a loose one', () => {
    const loose = addLoose(chain('flatten', 'dense'), { id: 'x', kind: 'dropout' });
    expect(ids(removeLayers(loose, ['l1'])).at(-1)).toBe('l0');
  });
});

describe('the output', () => {
  it('is any layer that nobody reads', () => {
    const loose = addLoose(chain('flatten', 'dense'), { id: 'x', kind: 'dropout' });
    expect(outputRefusal(loose, 'l0')).toMatch(/l1 reads it/);
    expect(outputRefusal(loose, 'l1')).toMatch(/already/);
    expect(ids(makeOutput(loose, 'x')).at(-1)).toBe('x');
    expect(meaning(makeOutput(loose, 'x'))).toEqual(meaning(loose));
  });
});

describe('another kind', () => {
  it('keeps the fields that both have, and the place', () => {
    const network: NetworkDocument = {
      layers: [{ id: 'a', kind: 'conv2d', filters: 8, kernel: 5, strides: 2, inputs: ['input'] }],
    };
    expect(replaceKind(network, 'a', 'depthwise-conv2d').layers).toEqual([
      { id: 'a', kind: 'depthwise-conv2d', kernel: 5, strides: 2, inputs: ['input'] },
    ]);
    expect(replaceKind(network, 'a', 'dense', { units: 10 }).layers[0]).toMatchObject({ units: 10 });
  });
});

describe('ids', () => {
  it.each([
    ['l1', 'is taken'],
    ['input', 'input'],
    ['Conv 1', 'lower-case'],
    ['', 'lower-case'],
  ])('%j are refused with a sentence', (to, sentence) => {
    expect(renameRefusal(chain('flatten', 'dense'), 'l0', to)).toContain(sentence);
    expect(() => renameLayer(chain('flatten', 'dense'), 'l0', to)).toThrow(sentence);
  });
});

describe('the clipboard', () => {
  it('takes a piece of one network to another, through text', () => {
    const from = chain('conv2d', 'batch-norm', 'activation', 'flatten');
    const text = JSON.stringify(copyLayers(from, ['l1', 'l2']));
    const into: NetworkDocument = {
      layers: [
        { id: 'l1', kind: 'flatten' },
        { id: 'end', kind: 'dense' },
      ],
    };
    const pasted = pasteAfter(into, readFragment(text), 'l1');
    expect(pasted.ids).toEqual(['l2', 'l3']);
    expect(meaning(pasted.network)).toEqual({ l1: ['input'], l2: ['l1'], l3: ['l2'], end: ['l3'] });
  });
  it.each([
    '',
    'hello',
    '{}',
    '[]',
    '[1]',
    '{"layers":[{"id":"a"}]}',
    '[{"id":"a","kind":"add","inputs":3}]',
  ])('refuses %j', (text) => {
    expect(() => readFragment(text)).toThrow(/the clipboard holds no layers/);
  });
  it('takes ready-made chains', () => {
    const pasted = pasteAfter(chain('flatten'), chainOf(['conv2d', 'batch-norm', 'activation']), 'input');
    expect(ids(pasted.network)).toEqual(['conv1', 'bn1', 'act1', 'l0']);
    expect(pasted.network.layers.every(({ inputs }) => inputs === undefined)).toBe(true);
  });
});

describe('a residual branch', () => {
  const network: NetworkDocument = {
    version: 1,
    name: 'small',
    input: { shape: [8, 8, 4] },
    layers: [
      { id: 'a', kind: 'conv2d', filters: 4, kernel: 3 },
      { id: 'b', kind: 'conv2d', filters: 8, kernel: 3, strides: 2 },
      { id: 'c', kind: 'global-average-pool' },
      { id: 'd', kind: 'dense', units: 10 },
    ],
  };
  const shapes: Record<string, number[]> = { input: [8, 8, 4], a: [8, 8, 4], b: [4, 4, 8] };
  const shapeOf = (id: string) => shapes[id] ?? null;
  it('adds what enters to what leaves', () => {
    const wrapped = wrapInResidual(network, ['a'], shapeOf);
    expect(wrapped.ok && meaning(wrapped.network)).toMatchObject({ add1: ['a', 'input'], b: ['add1'] });
    expect(wrapped.ok && resolved(wrapped.network).outputs).toBe(10);
  });
  it('bridges shapes that differ with a shortcut without weights', () => {
    const wrapped = wrapInResidual(network, ['b'], shapeOf);
    expect(wrapped.ok && wrapped.network.layers.find(({ kind }) => kind === 'shortcut-a')).toMatchObject({
      filters: 8,
      strides: 2,
    });
    expect(wrapped.ok && resolved(wrapped.network).outputs).toBe(10);
  });
  it('needs one way in and one way out', () => {
    expect(wrapInResidual(network, ['a', 'c'], shapeOf)).toMatchObject({ ok: false });
  });
});

describe('documents that are no graph', () => {
  it.each([
    [null, 'no object'],
    [{}, '"layers"'],
    [{ layers: [3] }, 'layer 1'],
    [
      {
        layers: [
          { id: 'a', kind: 'x' },
          { id: 'a', kind: 'x' },
        ],
      },
      'layer 2 has the id "a", which is taken',
    ],
    [{ layers: [{ id: 'input', kind: 'x' }] }, 'taken'],
    [{ layers: [{ kind: 'x' }] }, 'no "id"'],
    [{ layers: [{ id: 'a' }] }, 'no "kind"'],
    [{ layers: [{ id: 'a', kind: 'x', inputs: 'b' }] }, 'no list of layer ids'],
  ])('%j: %s', (value, sentence) => {
    expect(readNetwork(value)).toMatchObject({
      ok: false,
      message: expect.stringContaining(sentence) as string,
    });
  });
  it('survive every edit with circles and unknown names', () => {
    const wrong: NetworkDocument = {
      layers: [
        { id: 'a', kind: 'conv2d', inputs: ['b'] },
        { id: 'b', kind: 'what', inputs: ['a', 'nobody'] },
        { id: 'c', kind: 'add' },
      ],
    };
    const edited = [
      insertAfter(wrong, ['b'], { id: 'x', kind: 'dropout' }),
      removeLayers(wrong, ['a']),
      duplicateLayers(wrong, ['a', 'b']).network,
      connect(wrong, 'c', 'a'),
    ];
    for (const network of edited) expect(readNetwork(network).ok).toBe(true);
    expect(meaning(wrong)).toEqual({ a: ['b'], b: ['a', 'nobody'], c: ['b'] });
  });
});

describe('large networks', () => {
  it('of a thousand layers are edited, and every preset is read', () => {
    const layers = Array.from({ length: 1000 }, (_, i) => ({ id: `l${i}`, kind: 'batch-norm' }));
    const edited = insertAfter({ layers }, ['l3'], { id: 'x', kind: 'dropout' });
    expect(removeLayers(edited, ['x'])).toEqual({ layers });
    for (const { build, usual } of MODEL_PRESETS) {
      expect(readNetwork(build(usual.shape, usual.classes)).ok).toBe(true);
    }
  });
});
