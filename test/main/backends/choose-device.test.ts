import { describe, expect, it } from 'vitest';
import { chooseDevice } from '#main/backends/devices.ts';
import { missing, type BackEnd, type Probe } from '#main/backends/types.ts';
import { wasm } from '#main/backends/wasm/index.ts';

/** A second back end that computes on wasm, so that its truth probe passes. */
function stand(id: BackEnd['id'], over: Partial<Probe> = {}): BackEnd & { activations: number } {
  const backEnd = {
    id,
    title: id,
    activations: 0,
    probe: () =>
      Promise.resolve({ available: true, name: id, reason: null, remedy: null, software: false, ...over }),
    activate: async () => {
      backEnd.activations++;
      await wasm.activate();
    },
  };
  return backEnd;
}

function stopwatch(...answers: number[]): { measure: () => Promise<number>; asked: () => number } {
  let asked = 0;
  return { measure: () => Promise.resolve(answers[asked++] ?? NaN), asked: () => asked };
}

describe('choosing a device', () => {
  it('measures the model on each back end and takes the fastest', async () => {
    const watch = stopwatch(0.2, 0.1);
    const device = await chooseDevice('auto', watch.measure, [stand('tensorflow'), stand('webgpu')]);
    expect([device.id, watch.asked()]).toEqual(['webgpu', 2]);
    const other = stopwatch(0.05, 0.1);
    expect((await chooseDevice('auto', other.measure, [stand('tensorflow'), stand('webgpu')])).id).toBe(
      'tensorflow',
    );
  });

  it('measures nothing where there is one only, and passes over software adapters', async () => {
    const watch = stopwatch();
    const software = stand('webgpu', { software: true });
    expect((await chooseDevice('auto', watch.measure, [software, stand('wasm')])).id).toBe('wasm');
    expect(watch.asked()).toBe(0);
  });

  it('takes a software adapter that is named', async () => {
    const software = stand('webgpu', { software: true });
    const device = await chooseDevice('webgpu', stopwatch().measure, [software, stand('wasm')]);
    expect(device).toMatchObject({ id: 'webgpu', available: true, truthProbe: { passed: true } });
  });

  it('refuses a named device that is missing, with the reason and what to do', async () => {
    const absent: BackEnd = {
      ...stand('webgpu'),
      probe: () => Promise.resolve(missing('no adapter', 'get a driver')),
    };
    await expect(chooseDevice('webgpu', stopwatch().measure, [absent])).rejects.toThrow(
      /device "webgpu" cannot be used here: no adapter. What to do: get a driver/,
    );
  });

  it('says so when nothing computes truly', async () => {
    await expect(chooseDevice('auto', stopwatch().measure, [])).rejects.toThrow(/no back end computes truly/);
  });
});
