import { describe, expect, it } from 'vitest';
import { assemble } from '#shared/dataset/assembly.ts';
import { csv } from '#shared/dataset/sources/csv/index.ts';

/** Reads tables given as lines of cells divided by commas. */
function read(files: Record<string, readonly string[]>, options: object = {}) {
  const format = csv.configure!(options);
  const bytes = { train: [] as number[], test: [] as number[] };
  const labels = { train: [] as number[], test: [] as number[] };
  const assembly = assemble(format, (split, part, piece) =>
    (part === 'images' ? bytes : labels)[split].push(...piece),
  );
  for (const planned of format.plan(Object.keys(files), 'here')) {
    const lines = files[planned.name]!;
    // In two pieces, as the host hands them in.
    for (const [from, to] of [
      [0, 3],
      [3, lines.length],
    ] as const) {
      const part = lines.slice(from, to);
      assembly.add(planned, {
        name: planned.name,
        bytes: new Uint8Array(0),
        table: {
          records: part.map((line) => line.split(',')),
          lines: part.map((_, i) => from + i + 1),
          last: to === lines.length,
        },
      });
    }
  }
  return { ...assembly.finish(), bytes, labels };
}
const rows = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i));
const flowers = [
  'width,height,colour,species',
  ...rows(10, (i) => `${i},${100 - i},red,${i < 5 ? 'rose' : 'lily'}`),
];

describe('rows of a table', () => {
  it('become bytes by the range of their training rows; text is left out and said', () => {
    const set = read({ 'f.csv': flowers });
    expect(set).toMatchObject({ shape: [1, 1, 2], classes: ['lily', 'rose'], train: 8, test: 2 });
    expect(set.features?.map(({ name }) => name)).toEqual(['width', 'height']);
    expect(set.notes).toContain('Left out, because they hold no numbers: colour.');
    const [width] = set.features!;
    // The bytes of a row give its values back.
    const widths = set.bytes.train.filter((_, i) => i % 2 === 0);
    const line = set.origins!.train.map((origin) => Number(/line (\d+)/.exec(origin)![1]));
    widths.forEach((byte, i) => {
      const value = width!.minimum + (byte * (width!.maximum - width!.minimum)) / 255;
      expect(Math.round(value)).toBe(line[i]! - 2);
    });
    expect(set.origins!.train[0]).toMatch(/^f\.csv, line \d+$/);
  });

  it('take chosen columns, ranges and labels, with or without a header', () => {
    const set = read({ 'f.csv': flowers }, { columns: ['height'], ranges: { height: [0, 255] } });
    const lines = set.origins!.train.map((origin) => Number(/line (\d+)/.exec(origin)![1]));
    expect(set.bytes.train).toEqual(lines.map((line) => 100 - (line - 2)));
    const bare = read({ 'f.csv': rows(10, (i) => `${i % 2},${i},7`) }, { label: 'c1' });
    expect(bare).toMatchObject({ shape: [1, 1, 2], classes: ['0', '1'] });
  });

  it('follow the names of the files where those say the parts', () => {
    const set = read({ 'iris_train.csv': flowers, 'iris-test.csv': flowers.slice(0, 4) });
    expect([set.train, set.test]).toEqual([10, 3]);
    expect(set.origins!.test[0]).toBe('iris-test.csv, line 2');
  });

  it('of one group stay together', () => {
    const lines = ['who,v,label', ...rows(60, (i) => `p${i % 12},${i},${i % 2}`)];
    const { origins } = read({ 'g.csv': lines }, { group: 'who', testShare: 0.3 });
    const groups = (list: readonly string[]) =>
      new Set(list.map((origin) => (Number(/line (\d+)/.exec(origin)![1]) - 2) % 12));
    const [train, test] = [groups(origins!.train), groups(origins!.test)];
    expect(test.size).toBe(4);
    expect([...test].filter((group) => train.has(group))).toEqual([]);
  });

  it.each([
    [
      'a missing value',
      { 'f.csv': [...flowers, '1,,red,rose'] },
      {},
      /f\.csv, line 12: expected a value in the column "height"/,
    ],
    [
      'a text',
      { 'f.csv': [...flowers, '1,x,red,rose'] },
      { columns: ['width', 'height'] },
      /line 12: expected a number in the column "height"; found "x"/,
    ],
    [
      'a short row',
      { 'f.csv': [...flowers, '1,2,red'] },
      {},
      /line 12: expected 4 cells as in the first line; found 3/,
    ],
    [
      'an unknown column',
      { 'f.csv': flowers },
      { label: 'specie' },
      /no column "specie" \(label\)\. Did you mean "species"\?/,
    ],
    ['the class as a feature', { 'f.csv': flowers }, { columns: ['species'] }, /"species" is the class/],
    ['one class', { 'f.csv': flowers.slice(0, 5) }, {}, /has 1 different values; a class has 2 to 256/],
    [
      'a range without width',
      { 'f.csv': flowers },
      { ranges: { width: [3, 3] } },
      /must be two numbers, the second of them greater/,
    ],
  ])('refuse %s', (_title, files, options, message) => expect(() => read(files, options)).toThrow(message));

  it('with a missing value are left out where that is chosen', () => {
    const set = read({ 'f.csv': [...flowers, '1,,red,rose', '2,NaN,red,lily'] }, { missing: 'drop' });
    expect(set.train + set.test).toBe(10);
    expect(set.notes).toContain('2 rows were left out, because a value is missing.');
  });
});

describe('windows of a series', () => {
  const walk = (n: number, label: (i: number) => string) => [
    'x,y,act',
    ...rows(n, (i) => `${i},${-i},${label(i)}`),
  ];
  const linesOf = (origin: string) =>
    /lines (\d+)–(\d+)$/.exec(origin)!.slice(1).map(Number) as [number, number];

  it('have time down and columns as channels, and never cross files', () => {
    const files = Object.fromEntries(
      rows(4, (i) => `r${i}.csv`).map((name, f) => [name, walk(23, () => `c${f % 2}`)]),
    );
    const set = read(files, { samples: 'windows', window: 10, stride: 5, testShare: 0.5 });
    // Starts 0, 5, 10 in 23 rows; two of four files are held out.
    expect(set).toMatchObject({ shape: [10, 1, 2], train: 6, test: 6 });
    expect(set.origins!.train.slice(0, 3).map(linesOf)).toEqual([
      [2, 11],
      [7, 16],
      [12, 21],
    ]);
    const files1 = (list: readonly string[]) => new Set(list.map((origin) => origin.split(',')[0]));
    expect(files1(set.origins!.train).isDisjointFrom(files1(set.origins!.test))).toBe(true);
  });

  it('of one long file share no row between the parts', () => {
    const set = read(
      { 'w.csv': walk(400, (i) => (Math.floor(i / 50) % 2 ? 'run' : 'sit')) },
      { samples: 'windows', window: 5, stride: 2 },
    );
    const seen = (list: readonly string[]) =>
      new Set(
        list.flatMap((origin) => {
          const [first, last] = linesOf(origin);
          return rows(last - first + 1, (i) => String(first + i));
        }),
      );
    expect(set.test).toBeGreaterThan(10);
    expect(seen(set.origins!.train).isDisjointFrom(seen(set.origins!.test))).toBe(true);
    expect(set.notes.join(' ')).toMatch(/stretches of 50 rows were held out .*\d+ windows were left out/);
  });

  it('take the label of most rows, or of the last', () => {
    const lines = walk(60, (i) => (i % 10 < 6 ? 'a' : 'b'));
    const options = { samples: 'windows', window: 10, stride: 10 };
    const most = read({ 'w.csv': lines, 'v.csv': lines }, options);
    expect(new Set([...most.labels.train, ...most.labels.test])).toEqual(new Set([0]));
    const last = read({ 'w.csv': lines, 'v.csv': lines }, { ...options, windowLabel: 'last' });
    expect(new Set([...last.labels.train, ...last.labels.test])).toEqual(new Set([1]));
  });

  it('do not span a row that was left out', () => {
    const lines = walk(40, (i) => (i < 20 ? 'a' : 'b'));
    lines[11] = ',0,a';
    const set = read(
      { 'w.csv': lines, 'v.csv': walk(40, (i) => (i < 20 ? 'b' : 'a')) },
      { samples: 'windows', window: 4, stride: 1, missing: 'drop' },
    );
    const all = [...set.origins!.train, ...set.origins!.test].filter((origin) => origin.startsWith('w'));
    expect(all.some((origin) => linesOf(origin)[0] < 12 && linesOf(origin)[1] > 12)).toBe(false);
  });

  it('say that they are too long', () => {
    expect(() => read({ 'w.csv': walk(9, (i) => String(i % 2)) }, { samples: 'windows' })).toThrow(
      /no recording is as long as a window of 50 rows/,
    );
  });
});
