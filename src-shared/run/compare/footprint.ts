import { z } from 'zod';
import type { Bundle, VerifyRow } from '../../contract/api/export.ts';
import type { DeploymentEstimate } from '../../export/estimate/types.ts';

/**
 * How a number of a run is known. `measured`: by a linker, an emulator, or of its weights; `estimated`: by the planner
 * from the network alone; `exact`: it follows from the network.
 */
export const CERTAINTIES = ['measured', 'estimated', 'exact'] as const;

const QuantitySchema = z.strictObject({
  value: z.number().nullable(),
  certainty: z.enum(CERTAINTIES),
  /** Where it is from; without a value: why there is none. */
  note: z.string(),
});
export type FootprintQuantity = z.output<typeof QuantitySchema>;

/** What a run's network takes of a microcontroller. */
export const FootprintSchema = z.strictObject({
  run: z.string(),
  /** Bytes, of the whole program and of one inference. */
  flash: QuantitySchema,
  ram: QuantitySchema,
  /** Multiply-accumulates of one inference, zeros included. */
  macs: QuantitySchema,
  /** Instructions of one inference. */
  instructions: QuantitySchema,
  /** Share of zeros among the quantized weights. */
  zeros: QuantitySchema,
  /** Whether an estimate would tell more. */
  open: z.boolean(),
});
export type Footprint = z.output<typeof FootprintSchema>;

/** What is known of a run; each part may be missing for a reason. */
export interface FootprintFacts {
  run: string;
  /** Its bundles for the core in question, newest first, each with its last verification. */
  bundles: readonly {
    bundle: Pick<Bundle, 'id' | 'target' | 'flashBytes' | 'ramBytes'>;
    verified: { cores: readonly Pick<VerifyRow, 'core' | 'instructionsPerInference'>[] } | null;
  }[];
  macs: number | string;
  zeros: { share: number; epoch: number } | string;
  /** `null`: not asked for yet; a sentence: why there is none. */
  estimate: DeploymentEstimate['total'] | string | null;
}

/** The footprint of a run: what was measured of its bundles, else what is estimated. */
export function footprintOf({ run, bundles, macs, zeros, estimate }: FootprintFacts): Footprint {
  const linked = bundles.find(({ bundle }) => bundle.flashBytes !== null && bundle.ramBytes !== null)?.bundle;
  const counted = countedInstructions(bundles);
  const guess = (of: 'flash' | 'ram' | 'instructions'): FootprintQuantity => {
    const reason = bundles.length > 0 ? 'its bundle was not linked' : 'not exported';
    if (estimate === null) return missing(reason);
    if (typeof estimate === 'string') return missing(`${reason}, and no estimate: ${estimate}`);
    return { value: estimate[of], certainty: 'estimated', note: `${reason}; by the planner` };
  };
  const measured = (bytes: number | null | undefined): FootprintQuantity | undefined =>
    linked && typeof bytes === 'number'
      ? { value: bytes, certainty: 'measured', note: `by the linker, bundle ${linked.id}` }
      : undefined;
  const quantities = {
    flash: measured(linked?.flashBytes) ?? guess('flash'),
    ram: measured(linked?.ramBytes) ?? guess('ram'),
    instructions: counted ?? guess('instructions'),
  };
  return {
    run,
    ...quantities,
    macs:
      typeof macs === 'string'
        ? missing(macs)
        : { value: macs, certainty: 'exact', note: 'follows from the network' },
    zeros:
      typeof zeros === 'string'
        ? missing(zeros)
        : { value: zeros.share, certainty: 'measured', note: `of its weights after epoch ${zeros.epoch}` },
    open: estimate === null && Object.values(quantities).some(({ value }) => value === null),
  };
}

function countedInstructions(bundles: FootprintFacts['bundles']): FootprintQuantity | undefined {
  for (const { bundle, verified } of bundles) {
    const row = verified?.cores.find(({ core }) => core === bundle.target);
    const count = row?.instructionsPerInference;
    if (typeof count === 'number') {
      return {
        value: count,
        certainty: 'measured',
        note: `counted on ${bundle.target}, bundle ${bundle.id}`,
      };
    }
  }
  return undefined;
}

function missing(note: string): FootprintQuantity {
  return { value: null, certainty: 'measured', note };
}
