import { describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { parseGraphText } from '#shared/export/ir/parse.ts';
import { printGraph } from '#shared/export/ir/print.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { builtGraph, flush } from '#test/support/graph-text.ts';
import { Draw, randomTrainedGraph } from '#test/support/graphs.ts';

/** Every kind of node, and names that need quotation marks. */
const TEXT = flush(String.raw`
  "a \"net\"": input u8[2,2,2] zero [10,0]
  conv: i32[2,2,2] in [-637,892] = conv2d(input) 1x2 /1,1 pad 0,1,0,0 dilated 1,1 2 filters of [+0-+ 00-+]
  "7th act": i8[2,2,2] in [-1,1] = threshold(conv) x>=[-31,0] -x>=[-87,-56] -> [-1,0,1]
  signs: i8[2,2,2] in [-1,1] = threshold(conv) x>=[0] x>=[5] -> [-1,1]
  dw: i32[2,2,2] in [-900,900] = depthwise-conv2d(signs) 1x1 /1,1 pad 0,0,0,0 outside -1 dilated 2,1 2 filters of [127; -128]
  sum: i32[2,2,2] in [-9000,9000] = combine(dw, conv, "7th act") * [1,2] [-3,4] [0,0] + [5,-6]
  both: i8[2,2,2] in [-2,2] = add(signs, "7th act")
  looked: i8[2,2,2] in [0,9] = lookup(both) from -2 -> [9,8,7,6,0]
  pool: i8[1,1,2] in [0,9] = max-pool(looked) 3x2 /2,1 pad 1,0,0,0
  total: i32[1,1,2] in [0,18] = sum-pool(pool) 2x1 /1,1 pad 0,0,1,0
  output: i32[2] in [0,18] = flatten(total)
  fc: i32[2] in [-90,90] = dense(output) 2 filters of [2,-3; 0,1]
  logits: i32[2] in [-999,999] = affine(fc, output) * [1,-1] [2,3] + [0,7] exponent -3
  output logits 2 classes
`);

describe('the text of an integer graph', () => {
  it('is read back word for word', () => {
    expect(printGraph(parseGraphText(TEXT), { full: true })).toBe(TEXT);
  });

  it('may have spaces and line ends anywhere', () => {
    const spread = TEXT.replaceAll(/(?<="7th act"|[[\],;:=()])(?!$)/gm, '\n  ').replaceAll(
      '"7th act"\n',
      '"7th act" ',
    );
    expect(parseGraphText(`\n${spread}\n\n`)).toEqual(parseGraphText(TEXT));
  });

  it('holds the very graph, for random networks before and after lowering', () => {
    for (let seed = 0; seed < 120; seed++) {
      const trained = randomTrainedGraph(seed, seed % 3 === 0 ? 'signs' : 'any');
      for (const graph of [builtGraph(trained), lower(trained)]) {
        expect(parseGraphText(printGraph(graph, { full: true })), `seed ${seed}`).toEqual(graph);
      }
    }
  });

  it('is cut for people, and complete for reading back', () => {
    const graph = lower(randomTrainedGraph(1));
    const [short, full] = [printGraph(graph), printGraph(graph, { full: true })];
    expect(short).toMatch(/… \d+ codes/);
    expect(full).not.toContain('…');
    expect(() => parseGraphText(short)).toThrow(/ was expected, but "…" comes/);
  });
});

describe('a wrong text', () => {
  const wrong = (from: string | RegExp, to: string) => () =>
    parseGraphText(TEXT.replace(from, to), 'net.txt');

  it.each([
    ['(input)', '[input]', '[input]', '"(" was expected, but "[input]" comes'],
    ['zero [10,0]', 'zero [10,x]', 'x]', 'an integer was expected, but "x]" comes'],
    ['3x2 /2', '3x2.5 /2', '2.5', 'an integer was expected, but "2.5" comes'],
    ['[127; -128]', '[127; -129]', '-129', 'a code from -128 to 127 was expected, but "-129]" comes'],
    ['00-+]', '00-]', '] \n', '2 filters with as many codes each were expected, but these have 4, 3'],
    ['"7th act": i8', '"7th\nact": i8', '"7th\n', 'a name was expected, but ""7th" comes'],
    ['outside -1', 'outside -2', '-2 dilated', '"-1" was expected, but "-2" comes'],
    ['2 classes', '2 classes more', 'more', 'the end was expected, but "more" comes'],
    ['\noutput logits 2 classes', '', '', 'a name was expected, but the text ends'],
  ])('with %j become %j is refused with its line and column', (from, to, place, reason) => {
    const text = TEXT.replace(from, to);
    const before = text.slice(0, place === '' ? text.length : text.indexOf(place.trim(), TEXT.indexOf(from)));
    const [line, column] = [before.split('\n').length, before.length - before.lastIndexOf('\n')];
    expect(wrong(from, to)).toThrow(`net.txt, line ${line}, column ${column}: ${reason}`);
  });

  it('names the kinds that there are', () => {
    expect(wrong('conv2d(', 'conv3d(')).toThrow(
      'line 2, column 34: one of conv2d, depthwise-conv2d, dense, max-pool, sum-pool, add, threshold, combine, lookup, ' +
        'flatten, affine was expected, but "conv3d(input)" comes',
    );
  });

  it('is refused with the field or the node where its words are right', () => {
    expect(wrong('exponent -3', 'exponent -3\nfc: i8[2] in [0,1] = flatten(fc)')).toThrow(
      /net\.txt: node fc has an id that/,
    );
    expect(wrong('add(signs, "7th act")', 'add(signs, later)')).toThrow(
      /node both reads later, which no earlier node/,
    );
    expect(wrong('x>=[-31,0]', 'x>=[-31,99999999999]')).toThrow(/net\.txt/);
  });

  it('never ends in anything but a clear answer', () => {
    const draw = new Draw(2, 'texts');
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const at = draw.int(0, TEXT.length - 1);
      const length = draw.int(0, 6);
      const piece = TEXT.substr(draw.int(0, TEXT.length - 1), draw.int(0, 8));
      try {
        parseGraphText(TEXT.slice(0, at) + piece + TEXT.slice(at + length));
      } catch (error) {
        refused++;
        if (!(error instanceof BitsmithError)) throw error;
        expect(['invalid-input', 'corrupt']).toContain(error.code);
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
