import { BitsmithError } from '../../base/errors.ts';
import { SOUND_FUNCTIONS } from '../emit/sound.ts';
import { handedOn } from '../plan/counter.ts';
import { stepKernels, type Plan } from '../plan/types.ts';
import type { TargetId } from '../targets/types.ts';
import { MEASURED_CORES, MEASURED_FUNCTIONS, STARTUP_BYTES } from './measured-code.ts';
import type { CallCounts } from './network-code.ts';

interface MeasuredFunction {
  bytes: readonly number[];
  stack: number;
  calls: readonly string[];
}

const FUNCTIONS: ReadonlyMap<string, MeasuredFunction> = new Map(
  MEASURED_FUNCTIONS.trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...words] = line.split(' ');
      const numbers = words.slice(0, MEASURED_CORES.length + 1).map(Number);
      return [
        name,
        {
          bytes: numbers.slice(0, -1),
          stack: numbers.at(-1) ?? 0,
          calls: words.slice(MEASURED_CORES.length + 1),
        },
      ];
    }),
);

/** Code of a network's sequence of calls: bytes of the function, of each call, and of each of its parameters. */
interface CallLaw {
  base: number;
  call: number;
  parameter: number;
}

/** Fitted to 96 networks with kernels of every kind, within 16 % of each; a few hundred bytes in all. */
const LAWS: Readonly<Record<string, CallLaw>> = {
  'cortex-m0': { base: 9.5, call: 1.3, parameter: 6.6 },
  'cortex-m0plus': { base: 9.5, call: 1.3, parameter: 6.6 },
  rv32imc: { base: 74.5, call: 7.6, parameter: 6.1 },
  host: { base: 75.2, call: 11.7, parameter: 6.5 },
};
const THUMB_2: CallLaw = { base: 41.6, call: 6.4, parameter: 5.4 };

/**
 * Bytes of `<net>_features` and `<net>_push`, of the front end as a structure, and of the calls of both functions: of
 * linked networks, within 16 bytes whatever the front end.
 */
const SOUND_CALLS: Readonly<Record<string, number>> = {
  'cortex-m0': 242,
  'cortex-m0plus': 242,
  rv32imc: 285,
  host: 276,
};
const THUMB_2_SOUND = 231;

/** Alignment of the arena, and of sections. */
const PADDING = 8;

function columnOf(target: TargetId): number {
  // `generic-c99` is what the machine's own compiler makes of it.
  return MEASURED_CORES.findIndex((core) => core === (target === 'generic-c99' ? 'host' : target));
}

/** Functions of the runtime with all that they call. */
function withCalled(names: Iterable<string>): Set<string> {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    measured(name).calls.forEach(visit);
  };
  for (const name of names) visit(name);
  return needed;
}

/** Every function that a network needs: kernels, what these call, and what the network itself calls. */
function neededFunctions(plan: Plan, counts: CallCounts): Set<string> {
  const kernels = plan.steps.flatMap((step) => [...stepKernels(step), ...handedOn(step)]);
  return new Set([...withCalled(kernels), ...counts.memory]);
}

function codeBytes(names: Iterable<string>, target: TargetId): number {
  const column = columnOf(target);
  return [...names].reduce((sum, name) => sum + (measured(name).bytes[column] ?? 0), 0);
}

function measured(name: string): MeasuredFunction {
  const found = FUNCTIONS.get(name);
  if (!found) throw new BitsmithError('internal', `the function ${name} of the runtime was never measured`);
  return found;
}

/** Bytes of the kernels that a plan uses, with all that these call, and of what the network itself calls. */
export function kernelBytesOf(plan: Plan, counts: CallCounts, target: TargetId): number {
  return codeBytes(neededFunctions(plan, counts), target);
}

/** Bytes of code that a front end for sound adds to a network: what the network needs anyway is not counted again. */
export function soundCodeBytesOf(plan: Plan, counts: CallCounts, target: TargetId): number {
  const needed = neededFunctions(plan, counts);
  const added = [...withCalled(SOUND_FUNCTIONS)].filter((name) => !needed.has(name));
  return (
    codeBytes(added, target) + (SOUND_CALLS[target === 'generic-c99' ? 'host' : target] ?? THUMB_2_SOUND)
  );
}

/** Bytes of the network's own code and constants, and of the start-up code. */
export function networkBytesOf(counts: CallCounts, target: TargetId): number {
  const { base, call, parameter } = LAWS[target === 'generic-c99' ? 'host' : target] ?? THUMB_2;
  const code = base + call * counts.calls + parameter * counts.parameters;
  return Math.round(code) + 4 * counts.constants + (STARTUP_BYTES[columnOf(target)] ?? 0) + PADDING;
}

/** Bytes of the stack that an inference needs at most: the deepest chain of calls, what it is handed included. */
export function stackBytesOf(plan: Plan): number {
  const deepest = plan.steps.map((step) => {
    const handed = Math.max(0, ...handedOn(step).map(depth));
    return Math.max(0, ...stepKernels(step).map(depth)) + handed;
  });
  return RUN_STACK + Math.max(0, ...deepest);
}

/** Bytes of the stack that a front end for sound needs at most. */
export function soundStackBytes(): number {
  return SOUND_STACK + Math.max(...SOUND_FUNCTIONS.map(depth));
}

/** Bytes of stack of a function and the deepest chain of calls below it. */
function depth(name: string): number {
  const { stack, calls } = measured(name);
  return stack + Math.max(0, ...calls.map(depth));
}

/** The network's own function, and the program that calls it. */
const RUN_STACK = 96;
/** `<net>_features` or `<net>_push`. */
const SOUND_STACK = 24;
