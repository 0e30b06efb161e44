import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { revealGuard } from '#main/app/reveal-guard.ts';

const data = path.resolve('/data/bitsmith');

describe('revealGuard', () => {
  it('shows what lies in the data folder', () => {
    const guard = revealGuard(data);
    expect(guard.mayReveal(data)).toBe(true);
    expect(guard.mayReveal(path.join(data, 'bundles', 'b1'))).toBe(true);
  });
  it('refuses siblings, parents, escapes and relative paths', () => {
    const guard = revealGuard(data);
    for (const file of [
      `${data}-2/x`,
      path.dirname(data),
      `${data}/../other`,
      '/etc/passwd',
      'bundles/b1',
      '',
    ]) {
      expect(guard.mayReveal(file), file).toBe(false);
    }
  });
  it('shows a folder that a person chose, from then on', () => {
    const guard = revealGuard(data);
    const chosen = path.resolve('/home/ada/firmware');
    expect(guard.mayReveal(path.join(chosen, 'model.c'))).toBe(false);
    guard.allow(chosen);
    expect(guard.mayReveal(path.join(chosen, 'model.c'))).toBe(true);
  });
});
