import { describe, expect, it } from 'vitest';
import { graphToJson } from '#shared/export/ir/json.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { interpretFloat } from '#shared/verify/float/interpret-float.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { isExactNode } from '#shared/verify/parity/meaning.ts';
import { parityOf } from '#shared/verify/parity/parity.ts';
import { traceLowering, type Lowering } from '#shared/verify/parity/trace-lowering.ts';
import { mapOf, windowOf } from '#shared/verify/parity/values-window.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';
import { presetNetwork } from '#test/support/preset-network.ts';

/** All about one sample; `spoil` changes what the firmware computed. */
function compare(
  whole: TrainedGraph,
  lowering: Lowering,
  sample: Uint8Array,
  spoil: (values: Map<string, Int32Array>) => void = () => undefined,
) {
  const { graph, trained } = lowering;
  const observed = planGraph(graph).layers.map(({ id, kernel }) => ({ id, kernel, form: '' }));
  const { values, logits } = interpretAll(graph, sample);
  const firmware = new Map([...values].map(([id, value]) => [id, value.slice()]));
  spoil(firmware);
  const float = interpretFloat(trained, sample);
  const own = interpretFloat(whole, sample).get(whole.output) ?? new Float32Array(0);
  return parityOf({
    graph,
    observed,
    sample,
    firmware: { values: firmware, logits },
    float: { whole, lowering, values: float, logits: own },
  });
}

describe('a random network', () => {
  it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
    'number %i: every integer stands for what the float network computes',
    (seed) => {
      const whole = randomTrainedGraph(seed);
      const lowering = traceLowering(whole);
      expect(graphToJson(lowering.graph)).toEqual(graphToJson(lower(whole)));
      for (const sample of samplesFor(whole, 2)) {
        // The passes over the trained graph change no real value at its output; + 0: no negative zeros.
        const before = interpretFloat(whole, sample).get(whole.output)!;
        const after = interpretFloat(lowering.trained, sample).get(lowering.trained.output)!;
        expect(after.map((value) => value + 0)).toEqual(before.map((value) => value + 0));
        const { parity } = compare(whole, lowering, sample);
        expect(parity.firstDifference).toBeNull();
        // A float that rounds to another side of a threshold changes all that comes behind it.
        if (parity.firstRounding !== null) continue;
        for (const { id, float } of parity.rows) {
          if (!float) continue;
          const node = lowering.graph.nodes.find((one) => one.id === id)!;
          const span = Math.max(Math.abs(float.low), Math.abs(float.high), 1e-3);
          // Fixed point rounds scales to 2^-13 or better; codes and their sums are exact.
          expect(float.largest / span, `${id} (${node.kind})`).toBeLessThan(
            isExactNode(node, lowering.graph) ? 1e-5 : 2e-3,
          );
        }
      }
    },
  );

  it('is read right where channels went, signs turned and constants left', () => {
    const found = { removed: 0, shifted: 0, turned: 0 };
    for (let seed = 1; seed <= 60; seed++) {
      for (const reading of traceLowering(randomTrainedGraph(seed)).readings.values()) {
        if (reading.channels.length < reading.of) found.removed++;
        if (reading.shifts.some((shift) => shift !== 0)) found.shifted++;
        if (reading.signs.includes(-1)) found.turned++;
      }
    }
    expect(found.removed).toBeGreaterThan(20);
    expect(found.shifted).toBeGreaterThan(5);
    expect(found.turned).toBeGreaterThan(5);
  });
});

describe('a network with one wrong value', () => {
  const whole = presetNetwork({ preset: 'lenet-small', zeros: 0.5 });
  const lowering = traceLowering(whole);
  const [sample] = samplesFor(whole, 1) as [Uint8Array];

  it('names every layer in turn as the first that differs, and the element', () => {
    const { parity } = compare(whole, lowering, sample);
    const steps = parity.rows.filter(({ id, step }) => id === step).map(({ id }) => id);
    expect(steps.length).toBeGreaterThan(3);
    for (const [i, id] of steps.entries()) {
      // Whatever comes behind the wrong layer differs as well.
      const spoilt = compare(whole, lowering, sample, (values) => {
        for (const later of steps.slice(i)) values.get(later)![2]! += 1;
      }).parity;
      expect(spoilt.firstDifference).toBe(id);
      const row = spoilt.rows.find((one) => one.id === id)!;
      const expected = interpretAll(lowering.graph, sample).values.get(id)![2]!;
      expect(row.firmware).toMatchObject({
        differing: 1,
        largest: 1,
        first: { index: 2, expected, got: expected + 1 },
      });
    }
  });

  it('says which trained layers each step covers: all of them, each in one place', () => {
    const { rows, gone } = compare(whole, lowering, sample).parity;
    const covered = rows.flatMap(({ covers }) => covers.map(({ id }) => id));
    expect(new Set([...covered, ...gone.map(({ id }) => id)])).toEqual(
      new Set(whole.nodes.map(({ id }) => id)),
    );
    const act2 = rows.find(({ id }) => id === 'act2')!;
    expect(act2.covers.map(({ id }) => id)).toEqual(expect.arrayContaining(['conv2', 'norm2', 'act2']));
  });

  it('sees a float network that was trained otherwise', () => {
    const moved = {
      ...lowering.trained,
      nodes: lowering.trained.nodes.map((node) =>
        node.id === 'norm2' && node.kind === 'batch-norm'
          ? { ...node, offset: node.offset.map((value) => value + 0.5) }
          : node,
      ),
    };
    const { parity } = compare(whole, { ...lowering, trained: moved }, sample);
    expect(parity.firstDifference).toBeNull();
    expect(parity.firstRounding).toBe('act2');
  });

  it('hands out its channels one by one', () => {
    const { values } = compare(whole, lowering, sample);
    const all = values.get('act1')!;
    const [height, width, channels] = mapOf(all.shape);
    const part = windowOf(all, channels - 2, 16);
    expect(part.channels).toHaveLength(2);
    expect(part.channels[1]!.reference).toEqual(
      Array.from({ length: height * width }, (_, pixel) => all.reference[pixel * channels + channels - 1]),
    );
    expect(windowOf(values.get('logits')!, 0, 16).shape).toEqual([1, 10, 1]);
  });
});
