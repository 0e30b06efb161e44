import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { newDraft } from '#renderer/stores/draft/new-draft.ts';
import { createSaver, type SaveState } from '#renderer/stores/draft/saver.ts';
import type { Draft } from '#shared/draft/draft.ts';

const first = newDraft({ name: 'a' });
const named = (name: string): Draft => ({ ...first, document: { name } });

/** A host that keeps one draft, and can be told to fail. */
function setUp() {
  const host = { revision: 0, name: '', writes: 0, error: null as BitsmithError | null };
  const states: SaveState[] = [];
  const saver = createSaver({
    save: (draft) => {
      host.writes++;
      if (host.error) return Promise.reject(host.error);
      if (draft.revision !== host.revision)
        return Promise.reject(
          new BitsmithError('conflict', 'changed meanwhile', { revision: host.revision }),
        );
      host.revision++;
      host.name = String(draft.document.name);
      return Promise.resolve({ revision: host.revision });
    },
    onState: (state) => states.push(state),
  });
  saver.start(0);
  return { host, states, saver };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the saver of a draft', () => {
  it('writes the newest state once, a moment after the last change', async () => {
    const { host, saver, states } = setUp();
    for (const name of ['a', 'ab', 'abc']) saver.put(named(name));
    expect(host.writes).toBe(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(host).toMatchObject({ writes: 1, name: 'abc', revision: 1 });
    expect(states.at(-1)).toBe('saved');
  });
  it('writes at once when it must', async () => {
    const { host, saver } = setUp();
    saver.put(named('now'));
    await saver.flush();
    expect(host.name).toBe('now');
  });
  it('counts on: each write is on what the host has', async () => {
    const { host, saver } = setUp();
    for (const name of ['a', 'b', 'c']) {
      saver.put(named(name));
      await saver.flush();
    }
    expect(host).toMatchObject({ revision: 3, name: 'c' });
  });
  it('keeps what could not be written, and writes it with the next try', async () => {
    const { host, saver, states } = setUp();
    host.error = new BitsmithError('io', 'no connection');
    saver.put(named('kept'));
    await saver.flush();
    expect([states.at(-1), host.name]).toEqual(['failed', '']);
    host.error = null;
    await saver.flush();
    expect([states.at(-1), host.name]).toEqual(['saved', 'kept']);
  });
  it('stops at a conflict until a person says that this one goes over the other', async () => {
    const { host, saver, states } = setUp();
    host.revision = 5;
    host.name = 'theirs';
    saver.put(named('mine'));
    await saver.flush();
    expect([states.at(-1), host.name]).toEqual(['conflict', 'theirs']);
    saver.put(named('mine, later'));
    await vi.advanceTimersByTimeAsync(1000);
    expect([host.writes, host.name]).toEqual([1, 'theirs']);
    await saver.overwrite();
    expect(host).toMatchObject({ name: 'mine, later', revision: 6 });
  });
  it('does not take the answer about a draft that was left for one about the next', async () => {
    const { host, saver } = setUp();
    saver.put(named('old'));
    const left = saver.flush();
    host.revision = 40;
    saver.start(40);
    await left;
    saver.put(named('next'));
    await saver.flush();
    expect(host).toMatchObject({ name: 'next', revision: 41 });
  });
  it('drops what waits when another draft is opened', async () => {
    const { host, saver } = setUp();
    saver.put(named('old'));
    saver.start(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.writes).toBe(0);
  });
});
