import { expect, it } from 'vitest';
import { configHash } from '#main/services/run/index.ts';

it('the hash of a configuration does not depend on the order of its fields, and on everything else', () => {
  const hash = configHash({ b: 1, a: [{ y: 2, x: null }] });
  expect(configHash({ a: [{ x: null, y: 2 }], b: 1 })).toBe(hash);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  const others = [
    { b: 2, a: [{ y: 2, x: null }] },
    { b: 1, a: [{ y: 2 }] },
    { b: 1, a: [{ y: 2, x: null }, 0] },
    { b: '1', a: [{ y: 2, x: null }] },
  ];
  for (const other of others) expect(configHash(other)).not.toBe(hash);
});
