import { describe, expect, it } from 'vitest';
import { arrayText, commentText, int32Literal, stringLiteral } from '#shared/export/emit/c-text.ts';
import { crc32 } from '#shared/export/emit/golden.ts';
import { isIdentifier, toIdentifier, uniqueIdentifiers } from '#shared/export/emit/identifier.ts';
import { graphFromJson, graphToJson } from '#shared/export/ir/json.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { randomTrainedGraph } from '#test/support/graphs.ts';
import { smallTrained } from '#test/support/small-trained.ts';

describe('identifiers', () => {
  it.each([
    ['lenet-5', 'lenet_5'],
    ['2 layers', 'net_2_layers'],
    ['int', 'net_int'],
    ['Größe*/', 'gro_e'],
    ['', 'net'],
    ['日本', 'net'],
  ])('of %j is %s', (text, expected) => {
    expect(toIdentifier(text)).toBe(expected);
    expect(isIdentifier(expected)).toBe(true);
  });

  it('are all different, in the same order each time', () => {
    const names = ['a b', 'a-b', 'a_b', 'if', 'if'];
    const found = uniqueIdentifiers(names, 'layer');
    expect(new Set(found).size).toBe(names.length);
    expect(found.every(isIdentifier)).toBe(true);
    expect(uniqueIdentifiers(names, 'layer')).toEqual(found);
  });
});

describe('C text', () => {
  it('has no literal for the most negative number', () => {
    expect(int32Literal(-2147483648)).toBe('(-2147483647 - 1)');
    expect(int32Literal(-5)).toBe('-5');
  });

  it('cannot be broken out of by names', () => {
    expect(stringLiteral('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(stringLiteral('x??/')).not.toContain('??');
    expect(commentText('a */ b /* c')).toBe('a * / b / * c');
  });

  it('breaks long arrays into lines', () => {
    const text = arrayText(
      'const int32_t x[200]',
      Array.from({ length: 200 }, (_, i) => String(i)),
    );
    expect(text.split('\n').every((line) => line.length <= 110)).toBe(true);
    expect(text.match(/\d+,/g)?.length).toBe(200);
  });
});

describe('crc32', () => {
  it('is the IEEE one over little-endian words', () => {
    // "1234" "5678" as two words: the CRC-32 of the ASCII text 12345678.
    const word = (text: string) => [...text].reduceRight((value, c) => value * 256 + c.charCodeAt(0), 0);
    expect(crc32(Int32Array.of(word('1234'), word('5678')))).toBe(0x9ae0daaf);
  });
});

describe('the graph as JSON', () => {
  it('comes back as it went', () => {
    for (let seed = 0; seed < 60; seed++) {
      const graph = lower(randomTrainedGraph(seed));
      expect(graphFromJson(JSON.parse(JSON.stringify(graphToJson(graph))), 'the manifest')).toEqual(graph);
    }
  });

  it('is refused where a node of several inputs or codes does not fit', () => {
    const graph = lower(smallTrained());
    const json = graphToJson(graph);
    const broken = (change: Record<string, unknown>) => ({
      ...json,
      nodes: [
        ...json.nodes.slice(0, 2),
        { ...json.nodes[1], id: 'more', inputs: ['act'], ...change },
        ...json.nodes.slice(2),
      ],
    });
    const base = { steps: undefined, values: undefined, direction: undefined };
    const combine = {
      ...base,
      kind: 'combine',
      codes: undefined,
      type: 'i32',
      multipliers: [[1]],
      bias: [0, 0],
    };
    const lookup = { ...base, kind: 'lookup', low: 0, codes: [1, 2] };
    const read = (value: unknown) => () => graphFromJson(JSON.parse(JSON.stringify(value)), 'the manifest');
    expect(read(broken({ ...combine, multipliers: [[1, 1]] }))).not.toThrow();
    expect(read(broken(combine))).toThrow(/node more needs inputs of its own shape, 2 biases/);
    expect(read(broken({ ...lookup, low: -1, codes: [1, 2, 3] }))).not.toThrow();
    expect(read(broken(lookup))).toThrow(/node more has no code for every value of its input/);
  });

  it('is refused when it hangs together no more, naming the node', () => {
    const json = graphToJson(lower(randomTrainedGraph(3)));
    const first = json.nodes[0];
    const broken = { ...json, nodes: [{ ...first, inputs: ['nowhere'] }, ...json.nodes.slice(1)] };
    expect(() => graphFromJson(broken, 'the manifest')).toThrow(
      new RegExp(`node ${first?.id} reads nowhere`),
    );
    expect(() => graphFromJson({ ...json, version: 2 }, 'the manifest')).toThrow(/version/);
  });
});
