import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { createJobHost, type ForkJob, type JobExit } from '#main/jobs/host/index.ts';
import type { HostMessage, JobMessage } from '#main/jobs/protocol.ts';
import type { Log } from '#main/platform/log.ts';
import { fakeFork, fakeHost, fakeJob, isStep, Witness } from './support.ts';

function isAlive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a job in a process of its own', () => {
  it('is heard from its first word to its last, in order', async () => {
    const lines: string[] = [];
    const log: Log = { write: (_, scope, text) => lines.push(`${scope}: ${text}`), close: () => undefined };
    const host = fakeHost({ log });
    const witness = new Witness();
    host.launch(fakeJob('a', { epochs: 2 }), witness);
    expect(host.state('a')).toBe('running');
    expect(await witness.end).toEqual({ type: 'ended', status: 'finished', accuracy: 0.975, loss: 0.1 });
    expect(witness.messages[0]).toMatchObject({ type: 'started', device: 'fake', fromStep: 0 });
    const steps = witness.messages.flatMap((message) =>
      message.type === 'progress' ? [message.stepsDone] : [],
    );
    expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(witness.messages.at(-1)).toMatchObject({ type: 'checkpoint', record: { id: 'final-20' } });
    expect(witness.ends).toHaveLength(1);
    expect(lines).toContain('job a: fake child of a');
    expect(isAlive(witness.pids[0])).toBe(false);
    expect(host.state('a')).toBeNull();
  });

  it('pauses and stops when asked, with a checkpoint behind it', async () => {
    for (const [ask, status] of [
      ['pause', 'paused'],
      ['stop', 'stopped'],
    ] as const) {
      const host = fakeHost();
      const witness = new Witness();
      host.launch(fakeJob('a', { epochs: 100 }), witness);
      await witness.until(isStep(3));
      host[ask]('a');
      expect(await witness.end).toMatchObject({ type: 'ended', status });
      expect(witness.messages.at(-1)).toMatchObject({ type: 'checkpoint' });
    }
  });

  it('writes a checkpoint when asked, and goes on', async () => {
    const host = fakeHost();
    const witness = new Witness();
    host.launch(fakeJob('a', { epochs: 3 }), witness);
    await witness.until(isStep(2));
    host.checkpoint('a');
    expect(await witness.end).toMatchObject({ status: 'finished' });
    const kinds = witness.messages.flatMap((message) =>
      message.type === 'checkpoint' ? [message.record.kind] : [],
    );
    expect(kinds.filter((kind) => kind === 'manual')).toHaveLength(1);
  });

  it('reports its own failure', async () => {
    const witness = new Witness();
    fakeHost().launch(fakeJob('a', { epochs: 2, at: 3, then: 'fail' }), witness);
    expect(await witness.end).toEqual({
      type: 'failed',
      error: { code: 'corrupt', message: 'the data set is damaged' },
    });
  });
});

describe('a job that dies', () => {
  it.each([
    ['kill', /^its process was ended by SIGKILL \(by a person, or by the system for want of memory\)/],
    ['throw', /^its process ended with exit code 1: RangeError: no memory for step 3$/],
    ['exit', /^its process ended with exit code 7$/],
  ] as const)('by %s is reported with its reason', async (then, reason) => {
    const witness = new Witness();
    fakeHost().launch(fakeJob('a', { epochs: 2, at: 3, then }), witness);
    expect(await witness.end).toEqual({ type: 'crashed', reason: expect.stringMatching(reason) });
    expect(witness.messages.filter(isStep(1))).toHaveLength(2);
  });

  it('before it began is reported too', async () => {
    const witness = new Witness();
    fakeHost({ fork: fakeFork(undefined, '/nowhere/child.ts') }).launch(fakeJob('a', { epochs: 1 }), witness);
    expect(await witness.end).toMatchObject({
      type: 'crashed',
      reason: expect.stringMatching(/Cannot find module/),
    });
  });

  it('because no process could be started is reported, and the next one gets its turn', async () => {
    let first = true;
    const fork: ForkJob = (run) => {
      if (!first) return fakeFork()(run);
      first = false;
      throw new Error('too many processes');
    };
    const host = fakeHost({ fork });
    const [a, b] = [new Witness(), new Witness()];
    host.launch(fakeJob('a', { epochs: 1 }), a);
    host.launch(fakeJob('b', { epochs: 1 }), b);
    expect(await a.end).toEqual({
      type: 'crashed',
      reason: 'its process could not be started: too many processes',
    });
    expect(await b.end).toMatchObject({ status: 'finished' });
  });

  it('by hanging is killed after its time of silence', async () => {
    const witness = new Witness();
    fakeHost({ hangSeconds: 1 }).launch(fakeJob('a', { epochs: 2, at: 3, then: 'hang' }), witness);
    expect(await witness.end).toEqual({
      type: 'crashed',
      reason: 'its process gave no sign of life for 1 s and was killed',
    });
    expect(isAlive(witness.pids[0])).toBe(false);
  });

  it('on its way out after its last word has done its work all the same', async () => {
    const witness = new Witness();
    fakeHost({ leaveSeconds: 0.2 }).launch(fakeJob('a', { epochs: 1, linger: true }), witness);
    expect(await witness.end).toMatchObject({ type: 'ended', status: 'finished' });
    expect(isAlive(witness.pids[0])).toBe(false);
  });

  it('because its words cannot be stored is killed with that reason', async () => {
    const witness = new Witness();
    vi.spyOn(witness, 'message').mockImplementation(() => {
      throw new Error('the disk is full');
    });
    fakeHost().launch(fakeJob('a', { epochs: 100 }), witness);
    expect(await witness.end).toEqual({
      type: 'crashed',
      reason: 'what it said could not be stored: the disk is full',
    });
  });
});

describe('the queue', () => {
  it('lets one job run at a time, in order', async () => {
    const host = fakeHost();
    const begun: string[] = [];
    const witnesses: Witness[] = [];
    for (const run of ['a', 'b', 'c']) {
      const witness = new Witness();
      vi.spyOn(witness, 'launched').mockImplementation(() => {
        expect(witnesses.slice(0, begun.length).every(({ ends }) => ends.length === 1)).toBe(true);
        begun.push(run);
      });
      witnesses.push(witness);
      host.launch(fakeJob(run, { epochs: 1 }), witness);
    }
    expect(['a', 'b', 'c'].map((run) => host.state(run))).toEqual(['running', 'waiting', 'waiting']);
    expect(await Promise.all(witnesses.map(({ end }) => end))).toMatchObject([
      { status: 'finished' },
      { status: 'finished' },
      { status: 'finished' },
    ]);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('lets as many run as it is told', async () => {
    const host = fakeHost({ concurrency: 2 });
    const witnesses = ['a', 'b', 'c'].map((run) => {
      const witness = new Witness();
      host.launch(fakeJob(run, { epochs: 1, pace: 20 }), witness);
      return witness;
    });
    expect(['a', 'b', 'c'].map((run) => host.state(run))).toEqual(['running', 'running', 'waiting']);
    await Promise.all(witnesses.map(({ end }) => end));
  });

  it('gives back a waiting job that is stopped, and refuses to pause it', async () => {
    const host = fakeHost();
    const [a, b] = [new Witness(), new Witness()];
    host.launch(fakeJob('a', { epochs: 100 }), a);
    host.launch(fakeJob('b', { epochs: 1 }), b);
    expect(() => host.pause('b')).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: expect.stringContaining('still waiting for its turn'),
      }),
    );
    host.stop('b');
    expect(await b.end).toEqual({ type: 'withdrawn', reason: null });
    expect(b.pids).toEqual([]);
    host.stop('a');
    expect(await a.end).toMatchObject({ status: 'stopped' });
  });

  it('refuses a second job for a run, and wishes to a run that has none', async () => {
    const host = fakeHost();
    const witness = new Witness();
    host.launch(fakeJob('a', { epochs: 1 }), witness);
    expect(() => host.launch(fakeJob('a', { epochs: 1 }), new Witness())).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
    await witness.end;
    for (const ask of ['pause', 'stop', 'checkpoint'] as const) {
      expect(() => host[ask]('a')).toThrow(expect.objectContaining({ code: 'conflict' }));
    }
  });
});

describe('closing the host', () => {
  it('pauses what runs, withdraws what waits and takes nothing new', async () => {
    const host = fakeHost();
    const [a, b] = [new Witness(), new Witness()];
    host.launch(fakeJob('a', { epochs: 100 }), a);
    host.launch(fakeJob('b', { epochs: 1 }), b);
    await a.until(isStep(1));
    await host.dispose();
    expect(a.ends).toMatchObject([{ type: 'ended', status: 'paused' }]);
    expect(b.ends).toEqual([{ type: 'withdrawn', reason: 'Bitsmith was closed before it began' }]);
    expect(() => host.launch(fakeJob('c', { epochs: 1 }), new Witness())).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  it('kills what does not pause in time', async () => {
    const host = fakeHost({ closeSeconds: 0.3 });
    const witness = new Witness();
    host.launch(fakeJob('a', { epochs: 10_000, deaf: true }), witness);
    await witness.until(isStep(1));
    await host.dispose();
    expect(witness.ends).toMatchObject([
      { type: 'crashed', reason: expect.stringContaining('within 0.3 s when Bitsmith was closed') },
    ]);
    expect(isAlive(witness.pids[0])).toBe(false);
  });
});

describe('another kind of process behind the port', () => {
  it('needs nothing of node:child_process', async () => {
    const sent: HostMessage[] = [];
    const wire = new EventEmitter();
    const host = createJobHost({
      fork: () => ({
        pid: 1,
        send: (message) => sent.push(message),
        onMessage: (listener) => void wire.on('message', listener),
        onExit: (listener) => void wire.on('exit', listener),
        kill: () => wire.emit('exit', { code: null, signal: 'SIGKILL', lastLine: null } satisfies JobExit),
      }),
    });
    const witness = new Witness();
    host.launch(fakeJob('a', { epochs: 1 }), witness);
    wire.emit('message', 'not of the protocol');
    wire.emit('message', { type: 'log', level: 'info', message: 'hello' } satisfies JobMessage);
    host.checkpoint('a');
    wire.emit('message', { type: 'ended', status: 'finished', accuracy: 1, loss: 0 } satisfies JobMessage);
    wire.emit('message', { type: 'log', level: 'info', message: 'after the end' } satisfies JobMessage);
    wire.emit('exit', {
      code: 139,
      signal: null,
      lastLine: 'segmentation fault in the driver',
    } satisfies JobExit);
    expect(await witness.end).toMatchObject({ type: 'ended', status: 'finished' });
    expect(sent.map(({ type }) => type)).toEqual(['start', 'checkpoint']);
    expect(witness.messages).toEqual([{ type: 'log', level: 'info', message: 'hello' }]);
  });
});
