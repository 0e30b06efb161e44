import { describe, expect, it } from 'vitest';
import { runApi } from '#shared/contract/api/run.ts';
import { fakeWorld } from './support.ts';

describe('curves from the host', () => {
  it('are the points that were stored, by name, over any axis, up to the last that a job told', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 3 } });
    await world.service.whenEnded(id);
    const { series } = await world.service.series({ run: id });
    const names = runApi.seriesNames.output.parse(await world.service.seriesNames({ runs: [id, 'gone'] }));
    expect(names).toEqual([
      { run: id, series: series.map(({ name }) => name) },
      { run: 'gone', series: [] },
    ]);
    const ask = async (input: object) =>
      runApi.curves.output.parse(
        await world.service.curves(
          runApi.curves.input.parse({
            lines: series.map(({ name }) => ({ id: name, series: name, runs: [id] })),
            ...input,
          }),
        ),
      );
    const { curves, thinned } = await ask({});
    expect(thinned).toBe(false);
    expect(curves.map(({ id, x, y }) => ({ id, x, y }))).toEqual(
      series.map(({ name, step, value }) => ({ id: name, x: step, y: value })),
    );
    const started = Date.parse(world.store.runs.get(id).startedAt ?? '');
    const { extent } = await ask({ x: 'clock' });
    expect(extent!.from).toBeGreaterThanOrEqual(started);
    expect(world.store.sessions.read(id)).toMatchObject([{ step: 0, elapsed: 0 }]);
  });

  it('are not looked at where only configurations are compared', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 1 } });
    await world.service.whenEnded(id);
    const compare = async (metrics: boolean) =>
      runApi.compare.output.parse(await world.service.compare({ runs: [id], metrics }));
    expect((await compare(false)).metrics).toEqual([]);
    expect((await compare(true)).metrics.length).toBeGreaterThan(0);
    expect((await compare(false)).configDiff).toEqual((await compare(true)).configDiff);
  });
});
