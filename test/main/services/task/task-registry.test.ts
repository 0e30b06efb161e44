import { describe, expect, it, vi } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { taskApi, TaskSchema, type Task } from '#shared/contract/api/task.ts';
import { createTaskRegistry } from '#main/services/task/task-registry.ts';
import type { TaskHandle } from '#main/services/task/types.ts';

function registry(keep?: number) {
  const pushes: Task[] = [];
  const tasks = createTaskRegistry({
    publish: (topic, payload) => {
      if (topic === 'task-changed') pushes.push(TaskSchema.parse(payload));
    },
    ...(keep === undefined ? {} : { keep }),
    pushMilliseconds: 5,
  });
  return {
    tasks,
    pushes,
    get: async (id: string) => taskApi.get.output.parse(await tasks.service.get({ id })),
  };
}

describe('a task', () => {
  it('that succeeds carries its result, and tells it last', async () => {
    const { tasks, pushes, get } = registry();
    const { task, done } = tasks.start('download', { dataset: 'mnist' }, async (handle) => {
      handle.report(0.5, 'half');
      return { name: 'mnist' };
    });
    expect(task).toMatchObject({
      state: 'running',
      progress: null,
      title: 'download',
      labels: { dataset: 'mnist' },
    });
    expect(await done).toEqual({ name: 'mnist' });
    expect(await get(task.id)).toMatchObject({
      state: 'succeeded',
      progress: 1,
      message: 'half',
      result: { name: 'mnist' },
      error: null,
    });
    expect(pushes.at(0)?.state).toBe('running');
    expect(pushes.at(-1)?.state).toBe('succeeded');
  });

  it('that fails keeps its error as data, and the caller gets it too', async () => {
    const { tasks, get } = registry();
    const { task, done } = tasks.start('import', {}, () =>
      Promise.reject(new BitsmithError('corrupt', 'bad magic', { offset: 3 })),
    );
    await expect(done).rejects.toMatchObject({ code: 'corrupt', message: 'bad magic' });
    expect(await get(task.id)).toMatchObject({
      state: 'failed',
      error: { code: 'corrupt', message: 'bad magic', details: { offset: 3 } },
      result: null,
    });
  });

  it('that throws before its first await fails as well', async () => {
    const { tasks } = registry();
    const { done } = tasks.start('export', {}, () => {
      throw new TypeError('x is undefined');
    });
    await expect(done).rejects.toThrow('x is undefined');
  });

  it('that nobody waits for may fail without a word', async () => {
    const { tasks, get } = registry();
    const { task } = tasks.start('export', {}, () => Promise.reject(new Error('boom')));
    await vi.waitFor(async () => expect((await get(task.id)).state).toBe('failed'));
  });

  it('that is cancelled hears of it and ends as cancelled, whatever it throws', async () => {
    const { tasks, get } = registry();
    const { task, done } = tasks.start('verify', {}, (handle) => waitForAbort(handle));
    await Promise.resolve();
    expect(await tasks.service.cancel({ id: task.id })).toMatchObject({
      state: 'running',
      message: 'cancelling',
    });
    await expect(done).rejects.toMatchObject({ code: 'cancelled', message: 'verify: cancelled' });
    expect(await get(task.id)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
  });

  it('that is cancelled before it began does not begin', async () => {
    const { tasks } = registry();
    const work = vi.fn(async () => 1);
    const { task, done } = tasks.start('verify', {}, work);
    await tasks.service.cancel({ id: task.id });
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
    expect(work).not.toHaveBeenCalled();
  });

  it('that was over before the cancel stays as it is', async () => {
    const { tasks } = registry();
    const { task, done } = tasks.start('verify', {}, async () => 7);
    await done;
    expect(await tasks.service.cancel({ id: task.id })).toMatchObject({ state: 'succeeded', result: 7 });
  });

  it('keeps its progress between 0 and 1', async () => {
    const { tasks, get } = registry();
    const reports: unknown[] = [];
    const { task, done } = tasks.start('download', {}, async (handle) => {
      for (const progress of [-1, 0.25, 2, NaN, null]) {
        handle.report(progress, '');
        reports.push((await get(handle.id)).progress);
      }
    });
    await done;
    expect(reports).toEqual([0, 0.25, 1, null, null]);
    expect((await get(task.id)).result).toBeNull();
  });

  it('tells its progress seldom and its end at once', async () => {
    const { tasks, pushes } = registry();
    const { done } = tasks.start('download', {}, async (handle) => {
      for (let i = 0; i < 10_000; i++) handle.report(i / 10_000, 'working');
    });
    await done;
    expect(pushes.map(({ state }) => state)).toEqual(['running', 'succeeded']);
  });
});

describe('the registry', () => {
  it('lists all, forgets the oldest finished ones, and never a running one', async () => {
    const { tasks, get } = registry(2);
    const running = tasks.start('running', {}, (handle) => waitForAbort(handle));
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      const { task, done } = tasks.start(`task ${i}`, {}, async () => i);
      ids.push(task.id);
      await done;
    }
    const list = taskApi.list.output.parse(await tasks.service.list({}));
    expect(list.map(({ title }) => title).sort()).toEqual(['running', 'task 2', 'task 3']);
    await expect(get(ids[0] ?? '')).rejects.toMatchObject({ code: 'not-found' });
    await tasks.dispose();
    await expect(running.done).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('waits at its end for what it cancels', async () => {
    const { tasks } = registry();
    let cleaned = false;
    tasks.start('export', {}, async (handle) => {
      await waitForAbort(handle).catch(() => undefined);
      cleaned = true;
      handle.signal.throwIfAborted();
    });
    await Promise.resolve();
    await tasks.dispose();
    expect(cleaned).toBe(true);
  });
});

function waitForAbort({ signal }: TaskHandle): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Error('aborted'));
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}
