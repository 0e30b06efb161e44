import { z } from 'zod';
import type { Split } from './format.ts';

/** Where a sample stands in an installed set, and the label that it carries there. */
export const SampleRefSchema = z.strictObject({
  split: z.enum(['train', 'test']),
  index: z.int().nonnegative(),
  label: z.int().nonnegative(),
});
export type SampleRef = z.output<typeof SampleRefSchema>;

/** Samples whose images are the same byte for byte. `samples` holds the first of them, `size` counts all. */
export const DuplicateGroupSchema = z.strictObject({
  size: z.int(),
  samples: z.array(SampleRefSchema),
});
export type DuplicateGroup = z.output<typeof DuplicateGroupSchema>;

/** A sample and the label that all its neighbours carry. */
export const UnusualLabelSchema = SampleRefSchema.extend({ neighbours: z.int().nonnegative() });
export type UnusualLabel = z.output<typeof UnusualLabelSchema>;

/** Neighbours that are asked about a sample. */
export const NEIGHBOURS = 8;
/** Below this agreement, likeness says little about labels, and none is called unusual. */
export const TRUSTED_AGREEMENT = 0.8;

/** What `findUnusualLabels` says. */
export const UnusualLabelsSchema = z.strictObject({
  /** Share of samples whose label is the most frequent one among their neighbours. */
  agreement: z.number().min(0).max(1),
  /** Training samples among which neighbours were looked for. */
  references: z.int(),
  /** Samples all of whose neighbours carry one other label; 0 where likeness says too little about labels. */
  count: z.int(),
  samples: z.array(UnusualLabelSchema),
});
export type UnusualLabels = z.output<typeof UnusualLabelsSchema>;

const Found = z.strictObject({ count: z.int(), samples: z.array(SampleRefSchema) });

/** What is wrong with the samples of a set; every number is exact, the lists hold the first of each kind. */
export const IntegrityReportSchema = z.strictObject({
  dataset: z.string(),
  /** SHA-256 that the set was installed with, and that of the bytes that are there now. */
  checksum: z.strictObject({ expected: z.string(), found: z.string() }),
  samples: z.strictObject({ train: z.int(), test: z.int() }),
  duplicates: z.strictObject({
    /** Training samples that repeat an earlier training sample; the same for the test part. */
    train: z.int(),
    test: z.int(),
    /** Test samples that are in the training part too: they measure memory, not generalisation. */
    across: z.int(),
    /** Groups of equal images with different labels: at least one of them is wrong. */
    conflicting: z.int(),
    /** All groups of equal images; `groups` has the conflicting ones first, then those across the parts. */
    total: z.int(),
    groups: z.array(DuplicateGroupSchema),
  }),
  /** Images whose pixels are all the same. */
  constant: Found,
  /** Labels that no class belongs to. */
  outOfRange: Found,
  /** Files of the import that could not be read and are not in the set. */
  unreadable: z.strictObject({
    count: z.int(),
    files: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  }),
  /** Probably wrong labels; null for a set with too few samples. */
  unusual: UnusualLabelsSchema.nullable(),
  checkedAt: z.string(),
});
export type IntegrityReport = z.output<typeof IntegrityReportSchema>;

export const LISTED_FILES = 200;
export const LISTED_GROUPS = 200;
export const LISTED_SAMPLES = 200;
export const LISTED_IN_GROUP = 12;

/** Gathers the findings about a set sample by sample. */
export class IntegrityScan {
  readonly #classes: number;
  readonly #seen = new Map<string, SampleRef[]>();
  readonly #samples = { train: 0, test: 0 };
  readonly #constant = { count: 0, samples: [] as SampleRef[] };
  readonly #outOfRange = { count: 0, samples: [] as SampleRef[] };

  constructor(classes: number) {
    this.#classes = classes;
  }

  /**
   * The next sample of a part.
   *
   * @param digest equal exactly for equal images, e.g. their SHA-256
   */
  add(split: Split, label: number, image: Uint8Array, digest: string): void {
    const sample: SampleRef = { split, index: this.#samples[split]++, label };
    const equal = this.#seen.get(digest);
    if (equal) equal.push(sample);
    else this.#seen.set(digest, [sample]);
    if (isConstant(image)) note(this.#constant, sample);
    if (label >= this.#classes) note(this.#outOfRange, sample);
  }

  result(): Pick<IntegrityReport, 'samples' | 'duplicates' | 'constant' | 'outOfRange'> {
    const groups = [...this.#seen.values()].filter((group) => group.length > 1);
    const inPart = (group: readonly SampleRef[], split: Split) =>
      group.filter((sample) => sample.split === split).length;
    const repeats = (split: Split) =>
      groups.reduce((sum, group) => sum + Math.max(0, inPart(group, split) - 1), 0);
    const isAcross = (group: readonly SampleRef[]) => inPart(group, 'train') > 0 && inPart(group, 'test') > 0;
    const isConflict = (group: readonly SampleRef[]) => group.some(({ label }) => label !== group[0]?.label);
    const rank = (group: readonly SampleRef[]) => (isConflict(group) ? 0 : isAcross(group) ? 1 : 2);
    return {
      samples: { ...this.#samples },
      duplicates: {
        train: repeats('train'),
        test: repeats('test'),
        across: groups.filter(isAcross).reduce((sum, group) => sum + inPart(group, 'test'), 0),
        conflicting: groups.filter(isConflict).length,
        total: groups.length,
        groups: groups
          .toSorted((a, b) => rank(a) - rank(b))
          .slice(0, LISTED_GROUPS)
          .map((group) => ({ size: group.length, samples: listed(group) })),
      },
      constant: this.#constant,
      outOfRange: this.#outOfRange,
    };
  }
}

/** The first of a group, but never so that its second part or a second label goes unseen. */
function listed(group: readonly SampleRef[]): SampleRef[] {
  const first = group.slice(0, LISTED_IN_GROUP);
  const other = group.find(({ label, split }) => label !== group[0]?.label || split !== group[0]?.split);
  return other && !first.includes(other) ? [...first.slice(0, -1), other] : first;
}

function note(found: { count: number; samples: SampleRef[] }, sample: SampleRef): void {
  found.count++;
  if (found.samples.length < LISTED_SAMPLES) found.samples.push(sample);
}

function isConstant(image: Uint8Array): boolean {
  for (let i = 1; i < image.length; i++) if (image[i] !== image[0]) return false;
  return true;
}
