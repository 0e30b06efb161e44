import { isObject, type JsonObject } from '../../../base/json-document.ts';

/*
 * Edits of the phases of a training document (`training.phases`), which may be wrong in other places. The length of the run
 * is then what the phases add up to, so that a number of epochs beside them is taken out.
 */

export function phasesOf(training: unknown): JsonObject[] {
  const phases = isObject(training) ? training.phases : undefined;
  return Array.isArray(phases) ? phases.map((phase: unknown) => (isObject(phase) ? phase : {})) : [];
}

export function withPhases(training: JsonObject, phases: readonly JsonObject[]): JsonObject {
  const { phases: before, epochs, ...others } = training;
  if (phases.length > 0) return { ...others, phases };
  // The run stays as long as it was.
  const length = sum(before);
  return length > 0 ? { epochs: length, ...others } : epochs === undefined ? others : { epochs, ...others };
}

/** At least one epoch, and a whole number of them. */
export function resizePhase(training: JsonObject, index: number, epochs: number): JsonObject {
  const phases = phasesOf(training);
  const length = Math.min(100_000, Math.max(1, Math.round(epochs)));
  return withPhases(
    training,
    phases.map((phase, i) => (i === index ? { ...phase, epochs: length } : phase)),
  );
}

export function movePhase(training: JsonObject, from: number, to: number): JsonObject {
  const phases = phasesOf(training);
  const [moved] = phases.splice(from, 1);
  if (!moved) return training;
  return withPhases(training, phases.toSpliced(Math.max(0, Math.min(phases.length, to)), 0, moved));
}

export function duplicatePhase(training: JsonObject, index: number): JsonObject {
  const phases = phasesOf(training);
  const one = phases[index];
  if (!one) return training;
  const copy = { ...structuredClone(one), name: freeName(`${String(one.name ?? 'phase')} copy`, phases) };
  return withPhases(training, phases.toSpliced(index + 1, 0, copy));
}

export function removePhase(training: JsonObject, index: number): JsonObject {
  return withPhases(training, phasesOf(training).toSpliced(index, 1));
}

/**
 * One more phase at the end. The first one takes the whole run, so that nothing else changes.
 *
 * @param epochs length of the run now
 */
export function addPhase(training: JsonObject, epochs: number): JsonObject {
  const phases = phasesOf(training);
  const length = phases.length === 0 ? epochs : Math.max(1, Math.round(epochs / (phases.length + 1)));
  const name = freeName(phases.length === 0 ? 'train' : 'fine-tune', phases);
  return withPhases(training, [...phases, { name, epochs: length }]);
}

function freeName(wish: string, phases: readonly JsonObject[]): string {
  const taken = new Set(phases.map(({ name }) => name));
  let name = wish;
  for (let i = 2; taken.has(name); i++) name = `${wish} ${i}`;
  return name;
}

function sum(phases: unknown): number {
  return phasesOf({ phases }).reduce((all, { epochs }) => all + (typeof epochs === 'number' ? epochs : 0), 0);
}
