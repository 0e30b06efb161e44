import type { NewRun } from '#main/store/index.ts';

export function newRun(id: string, change: Partial<NewRun> = {}): NewRun {
  return {
    id,
    name: `run ${id}`,
    kind: 'train',
    parent: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    dataset: 'mnist',
    model: 'lenet-5',
    weightMethods: ['twn'],
    activationMethods: ['gxnor'],
    epochs: 3,
    stepsTotal: 300,
    config: { training: { epochs: 3 } },
    configHash: 'hash',
    ...change,
  };
}
