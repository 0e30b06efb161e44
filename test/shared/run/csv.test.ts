import { describe, expect, it } from 'vitest';
import { seriesCsv, wideSeriesCsv } from '#shared/run/export/csv.ts';
import type { Series } from '#shared/run/record.ts';

const loss: Series = {
  name: 'train/loss',
  step: [1, 2],
  epoch: [0.5, 1],
  time: [0.25, 1e-7],
  value: [0.1 + 0.2, 1e300],
};
const odd: Series = {
  name: 'layer/"a,b"\n/zero-fraction',
  step: [2, 3],
  epoch: [1, 1.5],
  time: [1e-7, 3],
  value: [0, -1],
};

/** RFC 4180, read letter by letter. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[i + 1] === '"') field += text[i++];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ',' || letter === '\r') {
      row.push(field);
      field = '';
      if (letter === '\r') {
        expect(text[++i]).toBe('\n');
        rows.push(row);
        row = [];
      }
    } else field += letter;
  }
  expect([row, field, quoted]).toEqual([[], '', false]);
  return rows;
}

describe('series as CSV', () => {
  it('one row per point, with every name and every bit coming back', () => {
    const [header, ...rows] = parse([...seriesCsv([loss, odd])].join(''));
    expect(header).toEqual(['series', 'step', 'epoch', 'time', 'value']);
    expect(rows.map(([name, ...numbers]) => [name, ...numbers.map(Number)])).toEqual([
      ['train/loss', 1, 0.5, 0.25, 0.1 + 0.2],
      ['train/loss', 2, 1, 1e-7, 1e300],
      [odd.name, 2, 1, 1e-7, 0],
      [odd.name, 3, 1.5, 3, -1],
    ]);
  });

  it('one row per step, with empty fields where a series has no point', () => {
    expect(parse([...wideSeriesCsv([loss, odd])].join(''))).toEqual([
      ['step', 'epoch', 'time', 'train/loss', odd.name],
      ['1', '0.5', '0.25', String(0.1 + 0.2), ''],
      ['2', '1', '1e-7', '1e+300', '0'],
      ['3', '1.5', '3', '', '-1'],
    ]);
  });

  it('only the header where there is nothing', () => {
    expect([...seriesCsv([])]).toEqual(['series,step,epoch,time,value\r\n']);
    expect([...wideSeriesCsv([])]).toEqual(['step,epoch,time\r\n']);
  });
});
