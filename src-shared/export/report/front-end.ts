import { scratchBytes, soundText, type SoundFeatures } from '../../dataset/sound/spec.ts';
import { soundTableBytes } from '../emit/sound.ts';
import type { BundleReport } from './schema.ts';

/** What the front end of a network that hears takes; nothing for any other. */
export function frontEndFacts(sound: SoundFeatures | undefined): Pick<BundleReport, 'frontEnd'> {
  if (!sound) return {};
  return {
    frontEnd: {
      description: soundText(sound),
      tableBytes: soundTableBytes(sound),
      scratchBytes: scratchBytes(sound),
    },
  };
}
