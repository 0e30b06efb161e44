import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '#shared/run/record.ts';
import { LiveRun, type Batch, type Pulled } from '#renderer/stores/live-run.ts';

/** A host that numbers its batches; each batch has one point, whose value is its number. */
function source() {
  const points: MetricPoint[] = [];
  const waiting: (() => void)[] = [];
  let pulls = 0;
  let held = false;
  const push = (): Batch => {
    const value = points.length + 1;
    const point = { series: 'train/loss', step: value, epoch: 0, time: 0, value };
    points.push(point);
    return { run: 'r', sequence: value, points: [point] };
  };
  const snapshot = (): Pulled => ({
    sequence: points.length,
    series: [
      {
        name: 'train/loss',
        step: points.map((point) => point.step),
        epoch: points.map((point) => point.epoch),
        time: points.map((point) => point.time),
        value: points.map((point) => point.value),
      },
    ],
  });
  const pull = async (): Promise<Pulled> => {
    pulls++;
    const taken = snapshot();
    if (held) await new Promise<void>((resolve) => waiting.push(resolve));
    return taken;
  };
  return {
    push,
    pull,
    pulls: () => pulls,
    hold: () => (held = true),
    release: () => {
      held = false;
      waiting.splice(0).forEach((resolve) => resolve());
    },
  };
}
const values = (live: LiveRun) => live.series.get('train/loss')?.value ?? [];
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('LiveRun', () => {
  it('appends batches that follow each other, without asking again', async () => {
    const host = source();
    host.push();
    const live = new LiveRun(host.pull, () => undefined);
    await live.load();
    live.accept(host.push());
    live.accept(host.push());
    expect(values(live)).toEqual([1, 2, 3]);
    expect(host.pulls()).toBe(1);
  });

  it('pulls everything when a number is missing', async () => {
    const host = source();
    const live = new LiveRun(host.pull, () => undefined);
    await live.load();
    live.accept(host.push());
    host.push();
    live.accept(host.push());
    await settle();
    expect(values(live)).toEqual([1, 2, 3]);
    expect(host.pulls()).toBe(2);
  });

  it('takes no batch twice', async () => {
    const host = source();
    const live = new LiveRun(host.pull, () => undefined);
    await live.load();
    const batch = host.push();
    live.accept(batch);
    live.accept(batch);
    expect(values(live)).toEqual([1]);
  });

  it('keeps what arrives during a pull, in order, and drops what the pull has', async () => {
    const host = source();
    const first = host.push();
    const live = new LiveRun(host.pull, () => undefined);
    host.hold();
    const loading = live.load();
    const second = host.push();
    const third = host.push();
    live.accept(third);
    live.accept(first);
    live.accept(second);
    host.release();
    await loading;
    expect(values(live)).toEqual([1, 2, 3]);
    expect(host.pulls()).toBe(1);
  });

  it('pulls once more when a batch of the time of the pull is missing', async () => {
    const host = source();
    const live = new LiveRun(host.pull, () => undefined);
    host.hold();
    const loading = live.load();
    host.push();
    live.accept(host.push());
    host.release();
    await loading;
    await settle();
    expect(values(live)).toEqual([1, 2]);
    expect(host.pulls()).toBe(2);
  });

  it('asks again on the next batch after a pull that failed', async () => {
    const host = source();
    let failing = true;
    const pull = () => (failing ? Promise.reject(new Error('no connection')) : host.pull());
    const live = new LiveRun(pull, () => undefined);
    await expect(live.load()).rejects.toThrow('no connection');
    failing = false;
    live.accept(host.push());
    await live.load();
    expect(values(live)).toEqual([1]);
  });

  it('says when something changed', async () => {
    const host = source();
    let changes = 0;
    const live = new LiveRun(host.pull, () => changes++);
    await live.load();
    live.accept(host.push());
    expect(changes).toBe(2);
  });
});
