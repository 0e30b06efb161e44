import { describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { parseTrainedText } from '#shared/export/ir/parse-trained.ts';
import { printTrained } from '#shared/export/ir/print-trained.ts';
import type { TrainedBatchNorm, TrainedGraph } from '#shared/export/trained-graph.ts';
import { flush } from '#test/support/graph-text.ts';
import { Draw, randomTrainedGraph } from '#test/support/graphs.ts';

const TEXT = flush(`
  net: input u8[4,4,2] zero [10,0] scale 0.0078125
  conv: [2,2,2] = conv2d(input) 2x2 /2,2 pad 0,0,0,0 dilated 1,1 2 filters of [0.5,-0.1] * [+0-++-0+ 00000000] + 2 * [1,2,3,4,5,6,7,8; -1,0,0,0,0,0,0,-127] bias [1,-2]
  norm: [2,2,2] = batch-norm(conv) * [0.1,-1e-20] + [-0,16777216]
  bias: [2,2,2] = activation(norm) binary y>=0 -> 1 * [-1,1]
  dw: [2,2,2] = depthwise-conv2d(bias) 3x1 /1,1 pad 1,0,1,0 outside -1 dilated 1,1 2 filters of 0.25 * [+++ ---]
  "2 terms": [2,2,2] = activation(dw) "a method" y>-0.5 y>=0.30000000000000004 -> 0.37 * [-1,1,0] + -1.5 * [0,1,1]
  pool: [2,2,2] = max-pool("2 terms") 2x2 /1,1 pad 1,1,0,0
  average: [2,2,2] = average-pool(pool) 2x2 /1,1 pad 1,1,0,0 counting padding
  short: [1,1,4] = shortcut-a(average) /2,2 before 1 after 1
  sum: [1,1,4] = add(short, short)
  relu: [1,1,4] = activation(sum) relu in floating point
  flat: [4] = flatten(relu)
  gap: [4] = global-average-pool(relu)
  fc: [2] = dense(gap) float [0.1,1.5,-2,3,0,1,1,1]
  output fc 2 classes
`);

describe('the text of a trained network', () => {
  it('is read back word for word', () => {
    expect(printTrained(parseTrainedText(TEXT))).toBe(TEXT);
  });

  it('says what lies in the padding where the network does', () => {
    const zero = TEXT.replace('outside -1', 'outside 0');
    expect(printTrained(parseTrainedText(zero))).toBe(zero);
    expect(() => parseTrainedText(TEXT.replace('outside -1', 'outside 1'))).toThrow(
      /0 or -1 was expected, but "1" comes/,
    );
  });

  it('holds the very network, to the bit, for random ones', () => {
    for (let seed = 0; seed < 150; seed++) {
      const graph = randomTrainedGraph(seed, seed % 3 === 0 ? 'signs' : 'any');
      expect(parseTrainedText(printTrained(graph)), `seed ${seed}`).toEqual(graph);
    }
  });

  it('holds every float32 number, among them the smallest, the largest and those that are not finite', () => {
    const bits = new Uint32Array([
      0, 0x80000000, 1, 0x80000001, 0x7fffff, 0x800000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000,
    ]);
    const draw = new Draw(1, 'floats');
    const random = Uint32Array.from({ length: 4000 }, () => draw.int(0, 0xffff_ffff) >>> 0).filter(
      (value) => (value & 0x7f800000) !== 0x7f800000,
    );
    const values = new Float32Array(Uint32Array.from([...bits, ...random]).buffer);
    const norm: TrainedBatchNorm = {
      kind: 'batch-norm',
      id: 'norm',
      inputs: ['input'],
      shape: [values.length],
      factor: values,
      offset: values,
    };
    const graph: TrainedGraph = {
      name: 'floats',
      input: { shape: [values.length], zero: [0], scale: 1 },
      nodes: [norm],
      output: 'norm',
      classes: values.length,
    };
    const [read] = parseTrainedText(printTrained(graph)).nodes;
    const got = read?.kind === 'batch-norm' ? read.factor : new Float32Array();
    expect(new Uint32Array(got.buffer)).toEqual(new Uint32Array(values.buffer));
  });

  it('writes the shortest decimal of a float32 number', () => {
    expect(TEXT).toContain('[0.5,-0.1]');
    expect(
      printTrained(parseTrainedText(TEXT.replace('[0.5,-0.1]', '[0.50000000000001,-0.1000000001]'))),
    ).toBe(TEXT);
  });
});

describe('a wrong text of a trained network', () => {
  const wrong = (from: string, to: string) => () => parseTrainedText(TEXT.replace(from, to), 'net.txt');

  it('is refused with line and column', () => {
    expect(wrong('batch-norm(', 'layer-norm(')).toThrow(
      /net\.txt, line 3, column 17: one of conv2d, .* comes/,
    );
    expect(wrong('2 filters of [0.5', '3 filters of [0.5')).toThrow(
      /line 2, column \d+: a layer of this shape has 2 filters/,
    );
    expect(wrong('y>=0 ->', 'y=0 ->')).toThrow('line 4, column 41: "y>" was expected, but "y=0" comes');
    expect(wrong('counting padding', 'counting pixels')).toThrow(
      /line 8, column \d+: "padding" was expected, but "pixels"/,
    );
  });

  it('never ends in anything but a clear answer', () => {
    const draw = new Draw(3, 'texts');
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const at = draw.int(0, TEXT.length - 1);
      const piece = TEXT.substr(draw.int(0, TEXT.length - 1), draw.int(0, 8));
      try {
        parseTrainedText(TEXT.slice(0, at) + piece + TEXT.slice(at + draw.int(0, 6)));
      } catch (error) {
        refused++;
        if (!(error instanceof BitsmithError)) throw error;
        expect(error.message).toMatch(/line \d+, column \d+: /);
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
