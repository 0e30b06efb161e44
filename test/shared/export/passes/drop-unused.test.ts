import { describe, expect, it } from 'vitest';
import { dropUnused } from '#shared/export/passes/drop-unused.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { parseTrainedText } from '#shared/export/ir/parse-trained.ts';
import { printGraph } from '#shared/export/ir/print.ts';
import { SMALL_TEXT, throughPass, throughTrainedPass, withLine } from '#test/support/graph-text.ts';

describe('drop-unused', () => {
  it('removes the layers that the output does not read, and what only they read', () => {
    const text = withLine(
      SMALL_TEXT,
      'dense',
      'dead: [2] = flatten(act)',
      'deader: [2] = dense(dead) 2 filters of 1 * [+0 0+]',
      'dense: [2] = dense(act) 2 filters of 0.5 * [++ -+]',
    );
    expect(throughTrainedPass(dropUnused, text)).toBe(SMALL_TEXT);
  });

  it('does so in an integer graph', () => {
    const integer = printGraph(lower(parseTrainedText(SMALL_TEXT)), { full: true });
    const dead = 'dead: i8[2] in [-1,1] = flatten(act)';
    const dense = integer.split('\n').find((line) => line.startsWith('dense:')) ?? '';
    expect(throughPass(dropUnused, withLine(integer, 'dense', dead, dense))).toBe(integer);
  });
});
