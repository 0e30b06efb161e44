import { scratchBytes, soundText, type SoundFeatures } from '../../dataset/sound/spec.ts';
import { soundTableBytes } from '../emit/sound.ts';
import type { Plan } from '../plan/types.ts';
import type { Target } from '../targets/types.ts';
import { soundCodeBytesOf } from './measured-runtime.ts';
import type { CallCounts } from './network-code.ts';
import type { FrontEndEstimate } from './types.ts';

/** What the front end from sound to a network's input adds to the network on a target. */
export function frontEndEstimate(
  sound: SoundFeatures,
  { plan, counts, target }: { plan: Plan; counts: CallCounts; target: Target },
): FrontEndEstimate {
  const scratch = scratchBytes(sound);
  const tables = soundTableBytes(sound);
  const code = soundCodeBytesOf(plan, counts, target.id);
  return {
    description: soundText(sound),
    tables,
    code,
    flash: tables + code,
    scratch,
    ram: ramBeside(scratch, plan.arenaBytes, target),
  };
}

/** A board's program has working memory of its own where the arena is too small; a library's caller gives the larger. */
function ramBeside(scratch: number, arena: number, { machine }: Target): number {
  if (scratch <= arena) return 0;
  return machine ? scratch : scratch - arena;
}
