import { describe, expect, it } from 'vitest';
import { checkGraph } from '#shared/export/ir/check.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { parseGraphText } from '#shared/export/ir/parse.ts';
import { foldDirection } from '#shared/export/passes/fold-direction.ts';
import { turnCodes } from '#shared/export/passes/turn-codes.ts';
import { lowerWithFacts } from '#shared/export/passes/lower.ts';
import { removeDeadChannels } from '#shared/export/passes/remove-dead-channels.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { builtGraph, flush, throughPass, withLine } from '#test/support/graph-text.ts';
import { Draw, randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';

const pass = (graph: IntegerGraph) => removeDeadChannels(graph).graph;

/** Three channels, of which the thresholds at `act` let one or another be a constant, in front of a second convolution. */
const network = (act: string, second = '[++++ ++++ ++++]', around = '2x2 /1,1 pad 0,0,0,0') =>
  flush(`
    net: input u8[2,2,1] zero [128]
    conv: i32[2,2,3] in [-128,128] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 3 filters of [+ - +]
    act: i8[2,2,3] in [-1,1] = threshold(conv) ${act} -> [-1,0,1]
    next: i32[1,1,2] in [-12,12] = conv2d(act) ${around} dilated 1,1 2 filters of ${second}
    code: i8[1,1,2] in [0,1] = threshold(next) x>=[2] x>=[3] -> [0,1]
    fc: i32[2] in [-2,2] = dense(code) 2 filters of [+- -+]
    logits: i32[2] in [-2,2] = affine(fc) * [1,1] + [0,0] exponent 0
    output logits 2 classes
  `);
/** Channels 0 and 2 of the four pixels are read, channel 1 is not. */
const READS = '[+0-+0-+0-+0- -0+-0+-0+-0+]';
const READS_ALL = '[++-++-++-++- -++-++-++-++]';

describe('remove-dead-channels', () => {
  it('removes a channel that all weights ignore', () => {
    expect(throughPass(pass, network('x>=[-9,9] x>=[-9,9] x>=[-9,9]', READS))).toBe(
      flush(`
        net: input u8[2,2,1] zero [128]
        conv: i32[2,2,2] in [-128,127] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+ +]
        act: i8[2,2,2] in [-1,1] = threshold(conv) x>=[-9,9] x>=[-9,9] -> [-1,0,1]
        next: i32[1,1,2] in [-8,8] = conv2d(act) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+-+-+-+- -+-+-+-+]
        code: i8[1,1,2] in [0,1] = threshold(next) x>=[2] x>=[3] -> [0,1]
        fc: i32[2] in [-1,1] = dense(code) 2 filters of [+- -+]
        logits: i32[2] in [-1,1] = affine(fc) * [1,1] + [0,0] exponent 0
        output logits 2 classes
      `),
    );
  });

  it('removes a channel whose thresholds let nothing but 0 through, and keeps what padding means', () => {
    const zero = network('x>=[-9,9] x>=[-200,200] x>=[-9,9]', '[++- -++]', '1x1 /2,2 pad 0,0,0,0');
    const smaller = network('x>=[-9,9] x>=[-9,9]', '[+- -+]', '1x1 /2,2 pad 0,0,0,0')
      .replace('3 filters of [+ - +]', '2 filters of [+ +]')
      .replace('conv: i32[2,2,3] in [-128,128]', 'conv: i32[2,2,2] in [-128,127]')
      .replace('act: i8[2,2,3]', 'act: i8[2,2,2]')
      .replace('[-12,12]', '[-2,2]')
      .replace('in [-2,2] = dense', 'in [-1,1] = dense')
      .replace('in [-2,2] = affine', 'in [-1,1] = affine');
    // Channel 1 of the second filter never reaches 3: it is the constant 0, and the first filter reaches 2 alone.
    expect(throughPass(pass, zero)).not.toContain('act: i8[2,2,3]');
    expect(throughPass(pass, zero.replace('x>=[3] ->', 'x>=[1] ->'))).toBe(
      smaller.replace('x>=[3] ->', 'x>=[1] ->'),
    );
    const padded = network('x>=[-9,9] x>=[-200,200] x>=[-9,9]', READS_ALL, '2x2 /2,2 pad 1,1,0,0');
    expect(throughPass(pass, padded)).toContain(
      '2x2 /2,2 pad 1,1,0,0 dilated 1,1 2 filters of [+-+-+-+- -+-+-+-+]',
    );
  });

  it('moves any other constant into the thresholds behind the sums that it enters', () => {
    // Channel 1 is always 1: it adds 4 to both sums.
    const one = network('x>=[-9,9] x>=[-300,-200] x>=[-9,9]', READS_ALL);
    const text = throughPass(pass, one);
    expect(text).toContain('2 filters of [+-+-+-+- -+-+-+-+]');
    expect(text).toContain('code: i8[1,1,2] in [0,1] = threshold(next) x>=[-2] x>=[-1] -> [0,1]');
  });

  it('moves it through pooling, flattening and averages, into biases, and against falling thresholds', () => {
    const through = (...lines: string[]) =>
      throughPass(pass, withLine(network('x>=[-9,9] x>=[-300,-200] x>=[-9,9]', READS_ALL), 'code', ...lines));
    expect(
      through(
        'pool: i32[1,1,2] in [-12,12] = max-pool(next) 1x1 /1,1 pad 0,0,0,0',
        'code: i8[1,1,2] in [0,1] = threshold(pool) x>=[2] -x>=[3] -> [0,1]',
      ),
    ).toContain('threshold(pool) x>=[-2] -x>=[7]');
    expect(
      through(
        'mean: i32[1,1,2] in [-12,12] = sum-pool(next) 1x1 /1,1 pad 0,0,0,0',
        'flat: i32[2] in [-12,12] = flatten(mean)',
        'sum: i32[2] in [-99,99] = combine(flat) * [5,-3] + [7,0]',
        'code: i8[2] in [0,1] = threshold(sum) x>=[2] x>=[3] -> [0,1]',
      ),
    ).toContain('combine(flat) * [5,-3] + [27,-12]');
  });

  it('keeps a constant where the padding or a reader of the sums is in its way, and says so', () => {
    const one = 'x>=[-9,9] x>=[-300,-200] x>=[-9,9]';
    const padded = network(one, READS_ALL, '2x2 /2,2 pad 1,1,0,0');
    const summed = withLine(
      network(one, READS_ALL),
      'code',
      'pool: i32[1,1,2] in [-12,12] = sum-pool(next) 2x1 /1,1 pad 1,0,0,0',
      'code: i8[1,1,2] in [0,1] = threshold(pool) x>=[2] x>=[3] -> [0,1]',
    );
    const mixed = withLine(
      network(one, READS_ALL),
      'code',
      'more: i32[1,1,2] in [-24,24] = conv2d(next) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [++ +-]',
      'code: i8[1,1,2] in [0,1] = threshold(more) x>=[2] x>=[3] -> [0,1]',
    );
    const reasons = [padded, summed, mixed].map((text) => removeDeadChannels(parseGraphText(text)));
    expect(reasons.map(({ kept }) => kept)).toEqual([
      [{ node: 'act', channels: 1, because: 'the padding of next holds 0' }],
      [{ node: 'act', channels: 1, because: 'windows of pool reach over the border' }],
      [{ node: 'act', channels: 1, because: 'more reads the sums and has no constant to take it' }],
    ]);
    expect(reasons.map(({ graph }) => graph.nodes.find(({ id }) => id === 'act')?.shape)).toEqual([
      [2, 2, 3],
      [2, 2, 3],
      [2, 2, 3],
    ]);
  });

  it('keeps a constant that would let a sum behind it leave 32 bits', () => {
    // Without the constant −4 the sums are 0 … 8 instead of −4 … 4, and the bias is 4 · 20 further from 0.
    const text = (bias: number) =>
      withLine(
        network('x>=[-300,9] x>=[-300,-200] x>=[-300,9]', '[+-++-++-++-+ +-++-++-++-+]'),
        'code',
        `sum: i32[1,1,2] in [-9,9] = combine(next) * [20,20] + [0,${bias}]`,
        `code: i8[1,1,2] in [0,1] = threshold(sum) x>=[2] x>=[${bias}] -> [0,1]`,
      );
    expect(throughPass(pass, text(-2_147_483_400))).toContain('combine(next) * [20,20] + [-80,-2147483480]');
    expect(removeDeadChannels(parseGraphText(text(-2_147_483_500))).kept).toEqual([
      { node: 'next', channels: 1, because: 'the constants behind next would leave 32 bits' },
    ]);
  });

  it('removes −1 around which −1 lies', () => {
    const text = network('x>=[-9] x>=[200] x>=[-9]', READS_ALL, '2x2 /2,2 pad 1,1,0,0 outside -1').replace(
      '-> [-1,0,1]',
      '-> [-1,1]',
    );
    const after = throughPass(pass, text);
    expect(after).toContain('act: i8[2,2,2]');
    expect(after).toContain('threshold(next) x>=[6] x>=[7]');
  });

  it('removes channels of a flattened map, of depthwise layers and of sums together or not at all', () => {
    const text = (add: string) =>
      flush(`
        net: input u8[1,2,1] zero [128]
        a: i32[1,2,3] in [-128,128] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 3 filters of [+ 0 -]
        b: i8[1,2,3] in [-1,1] = threshold(a) x>=[-9,9] x>=[0,1] x>=[-9,9] -> [-1,0,1]
        c: i32[1,2,3] in [-2,2] = depthwise-conv2d(b) 1x2 /1,1 pad 0,0,0,1 dilated 1,1 3 filters of [++ -+ +-]
        d: i8[1,2,3] in [-1,1] = threshold(c) x>=[0,2] x>=[0,1] x>=[0,2] -> [-1,0,1]
        e: i8[1,2,3] in [-2,2] = ${add}
        f: i8[6] in [-2,2] = flatten(e)
        fc: i32[2] in [-12,12] = dense(f) 2 filters of [++-++- +-++-+]
        logits: i32[2] in [-12,12] = affine(fc) * [1,1] + [0,0] exponent 0
        output logits 2 classes
      `);
    // Channel 1 is 0 all the way.
    expect(throughPass(pass, text('add(b, d)'))).toBe(
      flush(`
        net: input u8[1,2,1] zero [128]
        a: i32[1,2,2] in [-128,128] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+ -]
        b: i8[1,2,2] in [-1,1] = threshold(a) x>=[-9,9] x>=[-9,9] -> [-1,0,1]
        c: i32[1,2,2] in [-2,2] = depthwise-conv2d(b) 1x2 /1,1 pad 0,0,0,1 dilated 1,1 2 filters of [++ +-]
        d: i8[1,2,2] in [-1,1] = threshold(c) x>=[0,2] x>=[0,2] -> [-1,0,1]
        e: i8[1,2,2] in [-2,2] = add(b, d)
        f: i8[4] in [-2,2] = flatten(e)
        fc: i32[2] in [-8,8] = dense(f) 2 filters of [+-+- ++++]
        logits: i32[2] in [-8,8] = affine(fc) * [1,1] + [0,0] exponent 0
        output logits 2 classes
      `),
    );
    // With the input added, channel 1 varies, and its constant part has to stay.
    const raw = 'q: i8[1,2,3] in [-1,1] = threshold(p) x>=[-9,9] x>=[-9,9] x>=[-9,9] -> [-1,0,1]';
    const mixed = withLine(
      text('add(q, d)'),
      'e',
      'p: i32[1,2,3] in [-128,127] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 3 filters of [+ + +]',
      raw,
      'e: i8[1,2,3] in [-2,2] = add(q, d)',
    );
    expect(pass(parseGraphText(mixed)).nodes.find(({ id }) => id === 'b')?.shape).toEqual([1, 2, 3]);
  });

  it('drops a term of a sum whose channels are all constant, and what computed it', () => {
    const text = flush(`
      net: input u8[1,1,2] zero [128,128]
      a: i32[1,1,2] in [-256,256] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0 0-]
      b: i8[1,1,2] in [1,1] = threshold(a) x>=[-900] x>=[-900] -> [0,1]
      c: i32[1,1,2] in [0,2] = conv2d(b) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [++ +-]
      sum: i32[1,1,2] in [-999,999] = combine(c, a) * [10,20] [2,3] + [5,6]
      act: i8[1,1,2] in [-1,1] = threshold(sum) x>=[0,9] x>=[0,9] -> [-1,0,1]
      fc: i32[2] in [-2,2] = dense(act) 2 filters of [+- -+]
      logits: i32[2] in [-2,2] = affine(fc) * [1,1] + [0,0] exponent 0
      output logits 2 classes
    `);
    const { graph, dropped } = removeDeadChannels(parseGraphText(text));
    expect(dropped).toEqual(['b', 'c']);
    expect(throughPass(() => graph, text)).toContain('combine(a) * [2,3] + [25,6]');
  });

  it('leaves one channel of a value that nobody needs', () => {
    const { graph } = removeDeadChannels(
      parseGraphText(network('x>=[-9,9] x>=[-9,9] x>=[-9,9]', '[000000000000 000000000000]')),
    );
    checkGraph(graph, 'the graph');
    expect(graph.nodes.slice(0, 3).map(({ shape }) => shape)).toEqual([
      [2, 2, 1],
      [2, 2, 1],
      [1, 1, 1],
    ]);
  });

  it('says what went, and why', () => {
    const both = network('x>=[-9,9] x>=[-300,-200] x>=[-9,9]', '[++0++0++0++0 -+0-+0-+0-+0]');
    const { removed } = removeDeadChannels(parseGraphText(both));
    const because = { unread: 1, zero: 0, constant: 1 };
    expect(removed.slice(0, 2)).toEqual([
      { node: 'conv', kind: 'conv2d', before: 3, kept: [0], because },
      { node: 'act', kind: 'threshold', before: 3, kept: [0], because },
    ]);
  });
});

describe('removing dead channels of random networks', () => {
  it('changes no logit and no code of a channel that stays', () => {
    let removals = 0;
    for (let seed = 0; seed < 60; seed++) {
      removals += expectExact(randomTrainedGraph(seed, 'signs'), `signs, seed ${seed}`).removed.length;
    }
    expect(removals).toBeGreaterThan(100);
  });

  it('finds the filters of zeros and the unread channels that were planted', () => {
    let found = 0;
    for (let seed = 0; seed < 150; seed++) {
      const { graph, layer, channel } = planted(randomTrainedGraph(seed), seed);
      const { removed } = expectExact(graph, `seed ${seed}`);
      // It may stay where something is in its way, or as the last one.
      const fact = removed.find(({ node }) => node === layer);
      if (fact && !fact.kept.includes(channel)) found++;
    }
    expect(found).toBeGreaterThan(50);
  });
});

/** The same network with a dead channel: a filter of zeros, or nothing but zeros that read an activation's channel. */
function planted(
  graph: TrainedGraph,
  seed: number,
): { graph: TrainedGraph; layer?: string; channel: number } {
  const draw = new Draw(seed, 'dead');
  const readers = (id: string) => graph.nodes.filter(({ inputs }) => inputs.includes(id));
  const places = graph.nodes.flatMap((node) => {
    if (node.kind !== 'conv2d' && node.kind !== 'dense') return [];
    const filters = node.shape.at(-1) ?? 1;
    const own = {
      node,
      layer: node.id,
      channels: filters,
      reads: (i: number, channel: number) => i % filters === channel,
    };
    const source = graph.nodes.find(({ id }) => id === node.inputs[0]);
    if (source?.kind !== 'activation' || readers(source.id).length !== 1) return [own];
    const channels = source.shape.at(-1) ?? 1;
    const reads = (i: number, channel: number) => Math.floor(i / filters) % channels === channel;
    return [own, { node, layer: source.id, channels, reads }];
  });
  if (places.length === 0) return { graph, channel: 0 };
  const { node: changed, layer, channels, reads } = draw.pick(places);
  const channel = draw.int(0, channels - 1);
  const levels = changed.weights.levels.map(({ codes, scale }) => ({
    codes: codes.map((code, i) => (reads(i, channel) ? 0 : code)),
    scale,
  }));
  const nodes = graph.nodes.map((node) => (node === changed ? { ...changed, weights: { levels } } : node));
  return { graph: { ...graph, nodes }, layer, channel };
}

/** Lowers with and without the pass, and compares logits and codes on random samples and the extremes. */
function expectExact(trained: TrainedGraph, name: string) {
  const before = turnCodes(foldDirection(builtGraph(trained))).graph;
  const { graph: after, deadChannels } = lowerWithFacts(trained);
  checkGraph(after, name);
  const facts = new Map(deadChannels.removed.map((fact) => [fact.node, fact]));
  for (const sample of samplesFor(trained, 4, 3)) {
    const [left, right] = [interpretAll(before, sample), interpretAll(after, sample)];
    expect([...right.logits], name).toEqual([...left.logits]);
    for (const node of after.nodes) {
      if (node.type !== 'i8') continue;
      const fact = facts.get(node.id);
      const alive = [...(left.values.get(node.id) ?? [])].filter(
        (_, i) => fact === undefined || fact.kept.includes(i % fact.before),
      );
      expect([...(right.values.get(node.id) ?? [])], `${name}, ${node.id}`).toEqual(alive);
    }
  }
  return deadChannels;
}
