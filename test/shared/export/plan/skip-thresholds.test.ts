import { describe, expect, it } from 'vitest';
import type { CombineNode, IntegerGraph, ThresholdNode } from '#shared/export/ir/graph.ts';
import { parseGraphText } from '#shared/export/ir/parse.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { joinTable, skipVariants } from '#shared/export/plan/skip-thresholds.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { Draw, randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';

const CODES = [-1, 0, 1] as const;

/** x: ternary codes of the input; conv: sums over x; then `rest`, whose node `act` is the threshold node. */
function residual(rest: string, filters = '++- 0+- +00'): IntegerGraph {
  return parseGraphText(`
    net: input u8[2,2,3] zero [128,128,128]
    x: i8[2,2,3] in [-1,1] = threshold(input) x>=[-50,50] x>=[-50,50] x>=[-50,50] -> [-1,0,1]
    conv: i32[2,2,3] in [-3,3] = conv2d(x) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 3 filters of [${filters}]
    ${rest}
    pool: i32[1,1,3] in [-512,508] = sum-pool(act) 2x2 /1,1 pad 0,0,0,0
    logits: i32[3] in [-512,508] = affine(pool) * [1,1,1] + [0,0,0] exponent 0
    output logits 3 classes`);
}

const nodeOf = (graph: IntegerGraph, id = 'act') => {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  if (!node) throw new Error(`there is no node ${id}`);
  return node;
};

/** Number of thresholds that a value passes, in the words of the definition. */
const passed = (values: ArrayLike<number>, value: number) =>
  Array.from(values).filter((t) => value >= t).length;

describe('thresholds behind a skip connection', () => {
  it('are those of the closed form: S ≥ ⌈(t − bias − m2·x) / m1⌉', () => {
    const graph = residual(`
      sum: i32[2,2,3] in [-100,100] = combine(conv, x) * [5,-5,0] [7,7,7] + [2,2,2]
      act: i8[2,2,3] in [-1,1] = threshold(sum) x>=[-4,6] x>=[-4,6] x>=[-4,6] -> [-1,0,1]`);
    const found = skipVariants(nodeOf(graph), graph);
    expect(found?.skip).toBe('x');
    expect(found?.between.map(({ id }) => id)).toEqual(['sum']);
    // Channel 0, sums −3 … 3. Channel 1, −2 … 2 and filter negated: the same. Channel 2 is a constant: −1 … 1.
    const first = (t: number, x: number, low: number, high: number) =>
      Math.min(high + 1, Math.max(low, Math.ceil((t - 2 - 7 * x) / 5))) + 0;
    for (const x of CODES) {
      const constant = (t: number) => (2 + 7 * x >= t ? -1 : 2);
      expect([...(found?.variants.get(x) ?? [])]).toEqual([
        first(-4, x, -3, 3),
        first(6, x, -3, 3),
        first(-4, x, -2, 2),
        first(6, x, -2, 2),
        constant(-4),
        constant(6),
      ]);
    }
    expect([...(found?.conv.weights.codes ?? [])]).toEqual([1, 1, -1, 0, -1, 1, 1, 0, 0]);
    expect(found?.conv.range).toEqual({ low: -3, high: 3 });
  });

  it('go through the thresholds of the branch itself, and an addition', () => {
    const graph = residual(`
      branch: i8[2,2,3] in [-1,1] = threshold(conv) x>=[-1,2] -x>=[0,1] x>=[0,1] -> [-1,0,1]
      sum: i8[2,2,3] in [-2,2] = add(branch, x)
      act: i8[2,2,3] in [-1,1] = threshold(sum) x>=[0,1] x>=[0,1] x>=[0,1] -> [-1,0,1]`);
    const found = skipVariants(nodeOf(graph), graph);
    expect(found?.between.map(({ id }) => id)).toEqual(['branch', 'sum']);
    // x = 0: the code of the branch itself, on −S where it falls. x = 1: 0 from the branch's −1 on, 1 from its 0 on.
    expect([...(found?.variants.get(0) ?? [])]).toEqual([-1, 2, 0, 1, 0, 1]);
    expect([...(found?.variants.get(1) ?? [])]).toEqual([-3, -1, -2, 0, -1, 0]);
    expect([...(found?.variants.get(-1) ?? [])]).toEqual([2, 4, 1, 3, 1, 2]);
    expect([...(found?.conv.weights.codes ?? [])].slice(3, 6)).toEqual([0, -1, 1]);
  });

  it('agree with the definition for every sum and every skip code, with random multipliers', () => {
    const draw = new Draw(4, 'skip');
    const list = (length: number, low: number, high: number) =>
      Array.from({ length }, () => draw.int(low, high));
    const ascending = (length: number, size: number) =>
      list(length, -size, size)
        .sort((a, b) => a - b)
        .join();
    for (let round = 0; round < 300; round++) {
      const size = draw.pick([1, 3, 40, 1_000_000]);
      const steps = draw.int(1, 4);
      const codes = Array.from({ length: steps + 1 }, (_, i) => i - 1);
      const rows = Array.from(
        { length: 3 },
        () => `${draw.pick(['', '-'])}x>=[${ascending(steps, 4 * size)}]`,
      );
      const direct = draw.chance(0.5);
      const inner = Array.from({ length: 3 }, () => `${draw.pick(['', '-'])}x>=[${ascending(2, 3)}]`);
      const graph = residual(`
        branch: i8[2,2,3] in [-1,1] = threshold(conv) ${inner.join(' ')} -> ${draw.pick(['[-1,0,1]', '[1,0,-1]', '[0,0,1]'])}
        sum: i32[2,2,3] in [-9000000,9000000] = combine(${draw.pick([
          `x, ${direct ? 'conv' : 'branch'}`,
          `${direct ? 'conv' : 'branch'}, x`,
        ])}) * [${list(3, -size, size)}] [${list(3, -size, size)}] + [${list(3, -size, size)}]
        act: i8[2,2,3] in [-1,${steps - 1}] = threshold(sum) ${rows.join(' ')} -> [${codes.join()}]`);
      const known = direct ? { ...graph, nodes: graph.nodes.filter(({ id }) => id !== 'branch') } : graph;
      expectDefinition(known, `round ${round}`);
    }
  });

  it('are not given where somebody else reads the sums, or the codes are not small', () => {
    const read = residual(`
      sum: i32[2,2,3] in [-100,100] = combine(conv, x) * [5,-5,0] [7,7,7] + [2,2,2]
      other: i8[2,2,3] in [-1,1] = threshold(conv) x>=[0,1] x>=[0,1] x>=[0,1] -> [-1,0,1]
      both: i8[2,2,3] in [-1,1] = threshold(sum) x>=[-4,6] x>=[-4,6] x>=[-4,6] -> [-1,0,1]
      act: i8[2,2,3] in [-2,2] = add(both, other)`);
    expect(skipVariants(nodeOf(read, 'both'), read)).toBeUndefined();
    const large = residual(`
      big: i8[2,2,3] in [0,2] = threshold(input) x>=[0,1] x>=[0,1] x>=[0,1] -> [0,1,2]
      sum: i32[2,2,3] in [-100,100] = combine(conv, big) * [5,-5,0] [7,7,7] + [2,2,2]
      act: i8[2,2,3] in [-1,1] = threshold(sum) x>=[-4,6] x>=[-4,6] x>=[-4,6] -> [-1,0,1]`);
    expect(skipVariants(nodeOf(large), large)).toBeUndefined();
    expect(skipVariants(nodeOf(large, 'conv'), large)).toBeUndefined();
  });

  it('agree with the interpreter on the residual blocks of random networks', () => {
    let found = 0;
    for (let seed = 0; seed < 400; seed++) {
      const graph = lower(randomTrainedGraph(seed));
      for (const node of graph.nodes) {
        const skip = skipVariants(node, graph);
        if (!skip || node.kind !== 'threshold') continue;
        found++;
        const negatedToo = {
          ...graph,
          nodes: graph.nodes.map((n) => (n.id === skip.conv.id ? skip.conv : n)),
        };
        for (const sample of samplesFor(graph, 4, seed)) {
          const { values } = interpretAll(graph, sample);
          const sums = interpretAll(negatedToo, sample).values.get(skip.conv.id);
          const channels = node.direction.length;
          const codes = Array.from(values.get(skip.skip) ?? [], (x, i) => {
            const first = (i % channels) * node.steps;
            const thresholds = skip.variants.get(x)?.subarray(first, first + node.steps) ?? [];
            return node.codes[passed(thresholds, sums?.[i] ?? NaN)];
          });
          expect(codes, `seed ${seed}, ${node.id}`).toEqual([...(values.get(node.id) ?? [])]);
        }
      }
    }
    expect(found).toBeGreaterThan(10);
  });
});

/** Every sum within the proven range, every skip code, every channel: the code is that of the nodes one after the other. */
function expectDefinition(graph: IntegerGraph, name: string): void {
  const node = nodeOf(graph) as ThresholdNode;
  const join = nodeOf(graph, 'sum') as CombineNode;
  const branch = graph.nodes.find(({ id }) => id === 'branch') as ThresholdNode | undefined;
  const found = skipVariants(node, graph);
  expect(found, name).toBeDefined();
  const own = join.inputs[0] === 'x' ? 1 : 0;
  const codeOf = (threshold: ThresholdNode, channel: number, value: number) => {
    const { steps, values } = threshold;
    const row = values.subarray(channel * steps, (channel + 1) * steps);
    return threshold.codes[passed(row, value * (threshold.direction[channel] ?? NaN))] ?? NaN;
  };
  const original = nodeOf(graph, 'conv');
  if (original.kind !== 'conv2d' || !found) throw new Error('conv is the convolution');
  for (let channel = 0; channel < 3; channel++) {
    const filter = [...original.weights.codes.subarray(channel * 3, channel * 3 + 3)];
    const negated =
      [...found.conv.weights.codes.subarray(channel * 3, channel * 3 + 3)].join() !== filter.join();
    const reach = filter.filter((code) => code !== 0).length;
    for (let s = -reach; s <= reach; s++) {
      for (const x of CODES) {
        const y = branch ? codeOf(branch, channel, s) : s;
        const [m1, m2] = [
          join.multipliers[own]?.[channel] ?? NaN,
          join.multipliers[1 - own]?.[channel] ?? NaN,
        ];
        const expected = codeOf(node, channel, m1 * y + m2 * x + (join.bias[channel] ?? NaN));
        const row = found.variants.get(x)?.subarray(channel * node.steps, (channel + 1) * node.steps) ?? [];
        const what = `${name}, channel ${channel}, sum ${s}, skip ${x}`;
        expect(node.codes[passed(row, negated ? 0 - s : s)], what).toBe(expected);
        expect([...row], what).toEqual([...row].sort((a, b) => a - b));
        expect(Math.max(...row.map(Math.abs)), what).toBeLessThanOrEqual(reach + 1);
      }
    }
  }
}

describe('the table of two values', () => {
  const digit = (table = 0, a: number, b: number) => ((table >>> (2 * (3 * (a + 1) + (b + 1)))) & 3) - 1;

  it('holds the code of every pair of codes', () => {
    const graph = residual(`
      other: i8[2,2,3] in [-1,1] = threshold(input) x>=[0,9] x>=[0,9] x>=[0,9] -> [-1,0,1]
      pooled: i8[2,2,3] in [-1,1] = max-pool(x) 3x3 /1,1 pad 1,1,1,1
      sum: i32[2,2,3] in [-100,100] = combine(pooled, other) * [5,-5,0] [7,7,7] + [2,2,2]
      act: i8[2,2,3] in [-1,1] = threshold(sum) x>=[-4,6] -x>=[-4,6] x>=[-4,6] -> [-1,0,1]`);
    const found = joinTable(nodeOf(graph), graph);
    expect(found?.inputs).toEqual(['pooled', 'other']);
    expect(found?.between.map(({ id }) => id)).toEqual(['sum']);
    for (const a of CODES) {
      for (const b of CODES) {
        const sums = [5 * a + 7 * b + 2, -(-5 * a + 7 * b + 2), 7 * b + 2];
        sums.forEach((sum, channel) => {
          const expected = sum >= 6 ? 1 : sum >= -4 ? 0 : -1;
          expect(digit(found?.tables[channel], a, b), `${channel} of ${a}, ${b}`).toBe(expected);
        });
      }
    }
  });

  it('stands for an addition alone where its values are small codes, and for nothing else', () => {
    const graph = residual(`
      up: i8[2,2,3] in [0,1] = threshold(input) x>=[0] x>=[0] x>=[0] -> [0,1]
      down: i8[2,2,3] in [-1,0] = threshold(conv) x>=[0] x>=[0] x>=[0] -> [-1,0]
      act: i8[2,2,3] in [-1,1] = add(up, down)`);
    const found = joinTable(nodeOf(graph), graph);
    expect(found?.between).toEqual([]);
    for (const a of [0, 1]) for (const b of [-1, 0]) expect(digit(found?.tables[2], a, b)).toBe(a + b);
    const wide = residual(`act: i8[2,2,3] in [-2,2] = add(x, x)`);
    expect(joinTable(nodeOf(wide), wide)).toBeUndefined();
    expect(joinTable(nodeOf(wide, 'x'), wide)).toBeUndefined();
  });

  it('agrees with the interpreter on random networks', () => {
    let found = 0;
    for (let seed = 0; seed < 400; seed++) {
      const graph = lower(randomTrainedGraph(seed));
      for (const node of graph.nodes) {
        const join = joinTable(node, graph);
        if (!join) continue;
        found++;
        for (const sample of samplesFor(graph, 4, seed)) {
          const { values } = interpretAll(graph, sample);
          const [a, b] = join.inputs.map((id) => values.get(id) ?? new Int32Array());
          const codes = Array.from(a ?? [], (x, i) =>
            digit(join.tables[i % join.tables.length], x, b?.[i] ?? NaN),
          );
          expect(codes, `seed ${seed}, ${node.id}`).toEqual([...(values.get(node.id) ?? [])]);
        }
      }
    }
    expect(found).toBeGreaterThan(10);
  });
});
