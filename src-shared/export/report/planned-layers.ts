import type { z } from 'zod';
import type { Plan } from '../plan/types.ts';
import { tableBytes, tablesOf } from '../emit/weights.ts';
import type { Emission } from '../emit/types.ts';
import type { ArenaBufferSchema } from './schema.ts';

/** What only the planner and the emitter know of a layer. */
export interface LayerBytes {
  /** Bytes of all constant tables of its steps. */
  tables: number;
  /** Bytes of the arena for its value; 0 where the caller holds it. */
  activation: number;
  /** Bytes of the arena that its steps need besides, at most at one time. */
  scratch: number;
}

/** By layer, in the order of the plan. Steps without a layer of their own (padding, conversions) belong to the next one. */
export function layerBytes(emission: Pick<Emission, 'name' | 'plan' | 'symbols'>): LayerBytes[] {
  const { plan, name, symbols } = emission;
  const owners = layerOfSteps(plan);
  return plan.layers.map(({ id }, layer) => {
    const steps = owners.flatMap((owner, step) => (owner === layer ? [step] : []));
    const tables = steps.reduce((sum, index) => {
      const step = plan.steps[index];
      const one = { name, symbols: [symbols[index] ?? ''], plan: { ...plan, steps: step ? [step] : [] } };
      return sum + tableBytes(tablesOf(one));
    }, 0);
    const value = plan.buffers.find(
      (buffer) => buffer.id === valueBuffer(plan, steps.at(-1)) || buffer.id === id,
    );
    const scratch = steps.map((index) =>
      plan.buffers
        .filter((buffer) => buffer.id !== value?.id && owners[buffer.from] === layer)
        .filter(({ from, to }) => from <= index && index <= to)
        .reduce((sum, { bytes }) => sum + bytes, 0),
    );
    return { tables, activation: value?.bytes ?? 0, scratch: Math.max(0, ...scratch) };
  });
}

/** The arena's buffers with the layers that they live for. */
export function arenaBuffers(plan: Plan): z.output<typeof ArenaBufferSchema>[] {
  const owners = layerOfSteps(plan);
  const layerAt = (step: number) => owners[step] ?? Math.max(plan.layers.length - 1, 0);
  return plan.buffers.map(({ id, offset, bytes, from, to }) => ({
    id,
    offset,
    bytes,
    from: layerAt(from),
    to: layerAt(to),
  }));
}

/** The layer that each step is for: the first that is completed by it or by a later step. */
function layerOfSteps({ steps, layers }: Plan): number[] {
  const last = layers.map((layer) => Math.max(...layer.steps));
  return steps.map((_, step) => {
    const owner = last.findIndex((end) => end >= step);
    return owner < 0 ? layers.length - 1 : owner;
  });
}

function valueBuffer({ steps }: Plan, index: number | undefined): string | undefined {
  const step = index === undefined ? undefined : steps[index];
  return step && 'to' in step ? step.to.buffer : undefined;
}
