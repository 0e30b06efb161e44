import { writeStep } from '../emit/step-writer.ts';
import type { StepContext } from '../emit/types.ts';

/** What decides how much code a network's sequence of calls becomes. */
export interface CallCounts {
  calls: number;
  /** Of all calls together. */
  parameters: number;
  /** Numbers and addresses of constant structures, each a word. */
  constants: number;
  /** Whichever of `memcpy` and `memset` it calls. */
  memory: ReadonlySet<string>;
}

/** Counted in the very text that an export would compile. */
export function callCounts(context: StepContext, symbols: readonly string[]): CallCounts {
  const memory = new Set<string>();
  const counts: CallCounts = { calls: 0, parameters: 0, constants: 0, memory };
  context.plan.steps.forEach((step, index) => {
    const { structs, calls } = writeStep(context, symbols[index] ?? '', step);
    for (const line of structs) {
      const initialisers = line.slice(line.indexOf('=') + 1);
      counts.constants += wordsIn(initialisers);
    }
    for (const line of calls) {
      const call = /\b(bs_\w+|memcpy|memset)\((.*)\);/.exec(line);
      if (!call) continue;
      const [, name = '', parameters = ''] = call;
      counts.calls++;
      counts.parameters += parameters.split(', ').length;
      if (!name.startsWith('bs_')) memory.add(name);
    }
  });
  return counts;
}

function wordsIn(initialisers: string): number {
  return initialisers.split(',').length;
}
