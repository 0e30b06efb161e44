import { describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { createLatestTask, type LatestState } from '#renderer/pages/export/latest-task.ts';

/** A host whose tasks end when the test says so, and a clock that it moves by hand. */
function bench() {
  const started: string[] = [];
  const cancelled: string[] = [];
  const states: LatestState<string>[] = [];
  const ends = new Map<string, { resolve(value: string): void; reject(error: Error): void }>();
  const timers = new Map<number, () => void>();
  let next = 0;
  let refuse: Error | undefined;
  const latest = createLatestTask<string, string>(
    {
      start: async (input) => {
        if (refuse) throw refuse;
        started.push(input);
        return { task: `task ${input}` };
      },
      finished: (task) => new Promise((resolve, reject) => ends.set(task, { resolve, reject })),
      cancel: (task) => cancelled.push(task),
    },
    (state) => states.push(state),
    300,
    {
      now: () => 0,
      after: (_ms, work) => {
        timers.set(++next, work);
        return next;
      },
      cancel: (timer) => timers.delete(timer),
    },
  );
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    latest,
    started,
    cancelled,
    ends,
    now: () => states.at(-1),
    refuse: (error: Error | undefined) => (refuse = error),
    quiet: async () => {
      const due = [...timers.values()];
      timers.clear();
      due.forEach((work) => work());
      await settle();
    },
    end: async (task: string, outcome: string | Error) => {
      const waiting = ends.get(`task ${task}`);
      if (outcome instanceof Error) waiting?.reject(outcome);
      else waiting?.resolve(outcome);
      await settle();
    },
  };
}

describe('createLatestTask', () => {
  it('asks once for many changes in a row', async () => {
    const { latest, started, quiet, end, now } = bench();
    latest.ask('a');
    latest.ask('b');
    latest.ask('c');
    expect(now()?.busy).toBe(true);
    await quiet();
    expect(started).toEqual(['c']);
    expect(now()?.task).toBe('task c');
    await end('c', 'answer c');
    expect(now()).toEqual({ data: 'answer c', error: null, busy: false, task: undefined });
  });

  it('cancels what is on its way, keeps the old answer meanwhile, and ignores one that comes late', async () => {
    const { latest, quiet, end, cancelled, now } = bench();
    latest.ask('a');
    await quiet();
    await end('a', 'answer a');
    latest.ask('b');
    await quiet();
    expect(now()).toMatchObject({ data: 'answer a', busy: true });
    latest.ask('c');
    expect(cancelled).toEqual(['task b']);
    await quiet();
    await end('b', 'answer b');
    expect(now()).toMatchObject({ data: 'answer a', busy: true, task: 'task c' });
    await end('c', 'answer c');
    expect(now()).toMatchObject({ data: 'answer c', busy: false });
  });

  it('cancels a task that begins only after it was superseded', async () => {
    const { latest, quiet, cancelled, now } = bench();
    latest.ask('a');
    const beginning = quiet();
    latest.clear();
    await beginning;
    expect(cancelled).toEqual(['task a']);
    expect(now()).toEqual({ data: null, error: null, busy: false, task: undefined });
  });

  it('keeps the old answer beside an error, and loses the error with the next answer', async () => {
    const { latest, quiet, end, now, refuse } = bench();
    latest.ask('a');
    await quiet();
    await end('a', 'answer a');
    latest.ask('b');
    await quiet();
    await end('b', new BitsmithError('invalid-input', 'no'));
    expect(now()).toMatchObject({
      data: 'answer a',
      error: { code: 'invalid-input', message: 'no' },
      busy: false,
    });
    refuse(new BitsmithError('not-found', 'gone'));
    latest.ask('c');
    await quiet();
    expect(now()).toMatchObject({ data: 'answer a', error: { code: 'not-found' }, busy: false });
    refuse(undefined);
    latest.ask('d');
    await quiet();
    await end('d', 'answer d');
    expect(now()).toMatchObject({ data: 'answer d', error: null });
  });

  it('can be given up by hand: the answer that was there stays', async () => {
    const { latest, quiet, end, cancelled, now } = bench();
    latest.ask('a');
    await quiet();
    await end('a', 'answer a');
    latest.ask('b');
    await quiet();
    latest.cancel();
    await end('b', new BitsmithError('cancelled', 'cancelled by hand'));
    expect(cancelled).toEqual(['task b']);
    expect(now()).toEqual({ data: 'answer a', error: null, busy: false, task: undefined });
  });
});
