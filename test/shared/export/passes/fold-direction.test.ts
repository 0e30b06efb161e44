import { describe, expect, it } from 'vitest';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { printGraph } from '#shared/export/ir/print.ts';
import { buildIntegerGraph } from '#shared/export/passes/build-integer-graph.ts';
import { foldDirection } from '#shared/export/passes/fold-direction.ts';
import { smallTrained } from '#test/support/small-trained.ts';

describe('fold-direction', () => {
  it('negates the filters of falling channels behind a linear node', () => {
    const built = buildIntegerGraph(smallTrained());
    const folded: IntegerGraph = foldDirection(built);
    expect(printGraph(built)).toContain('-x>=[-87,-56]');
    expect(printGraph(folded)).toContain('x>=[-31,0] x>=[-87,-56]');
    expect(printGraph(folded)).toContain('2 filters of [+0-++-0+]');
    expect(printGraph(built)).toContain('2 filters of [+0-+-+0-]');
  });
});
