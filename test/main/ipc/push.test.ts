import { describe, expect, it } from 'vitest';
import { encodePush } from '#main/ipc/push.ts';

describe('encodePush', () => {
  it('carries a payload that fits its topic', () => {
    expect(encodePush('runs-changed', { run: 'r1' })).toEqual({
      type: 'push',
      topic: 'runs-changed',
      payload: { run: 'r1' },
    });
  });

  it('turns a payload that breaks its topic into a host error that names both', () => {
    const push = encodePush('metrics', { run: 'r1', sequence: 'three', points: [] });
    expect(push).toMatchObject({ topic: 'host-error', payload: { code: 'internal' } });
    expect(JSON.stringify(push)).toMatch(/metrics.*sequence/);
  });
});
