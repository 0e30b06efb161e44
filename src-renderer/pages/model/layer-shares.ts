import type { DeploymentEstimate } from '#shared/export/estimate/types.ts';
import type { Part } from '#shared/export/parts/types.ts';
import { bytes, percent } from '../../components/base/format.ts';

/** What a layer takes of a memory of the chosen part. */
export interface MemoryShare {
  name: 'Flash' | 'RAM';
  /** Of the part's memory, or of what the whole network takes where the part has no budget. */
  fraction: number;
  short: string;
  text: string;
}

export interface LayerShares {
  shares: readonly MemoryShare[];
  /** The layer with which it is computed, where it takes nothing of its own. */
  computedBy: string | null;
}

/** What each layer takes of a part's memories, by its id; nothing where that is not known. */
export function layerShares(
  estimate: DeploymentEstimate | null,
  part: Part,
): ReadonlyMap<string, LayerShares> {
  if (!estimate) return new Map();
  const { total } = estimate;
  const share = (
    name: MemoryShare['name'],
    used: number,
    budget: number | null,
    all: number,
  ): MemoryShare => {
    const fraction = used / Math.max(1, budget ?? all);
    const of = budget === null ? 'what the network takes' : part.title;
    return {
      name,
      fraction: Math.min(1, fraction),
      short: bytes(used),
      text: `${name}: ${bytes(used)}, ${percent(fraction, fraction < 0.1 ? 1 : 0)} of ${of}`,
    };
  };
  return new Map(
    estimate.layers.map(({ id, flashBytes, valueBytes, scratchBytes, computedBy }) => [
      id,
      {
        shares: [
          share('Flash', flashBytes, part.flash, total.flash),
          share('RAM', valueBytes + scratchBytes, part.ram, total.ram),
        ],
        computedBy: flashBytes + valueBytes + scratchBytes === 0 && computedBy !== id ? computedBy : null,
      },
    ]),
  );
}
