import { customPartId, PARTS, partOf } from '#shared/export/parts/index.ts';
import type { Part } from '#shared/export/parts/types.ts';
import { TARGETS } from '#shared/export/targets/index.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { bytes } from '../base/format.ts';

/** Memories of one's own as they are typed; may be wrong. */
export interface Budget {
  core: TargetId;
  /** KiB. */
  flash: unknown;
  ram: unknown;
}

const MOST_KIB = 4 * 1024 * 1024;

/** What is wrong with a memory in KiB, as a sentence; null where nothing is. */
export function memoryProblem(name: string, value: unknown): string | null {
  if (value === undefined || value === '') return `${name} needs a number of KiB.`;
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_KIB;
  return fits
    ? null
    : `${name} must be a whole number of KiB from 1 to ${MOST_KIB.toLocaleString('en-US')}; "${String(value)}" is not.`;
}

/** The part of a budget; null while anything is wrong with it. */
export function budgetPart({ core, flash, ram }: Budget): string | null {
  const isSound = memoryProblem('Flash', flash) === null && memoryProblem('RAM', ram) === null;
  return isSound ? customPartId(core, Number(flash) * 1024, Number(ram) * 1024) : null;
}

/** Where the fields of one's own budget begin: at the part that was chosen, or at a common size. */
export function budgetOf({ target, flash, ram }: Part): Budget {
  return {
    core: target,
    flash: Math.round((flash ?? 256 * 1024) / 1024),
    ram: Math.round((ram ?? 64 * 1024) / 1024),
  };
}

export function isOwn({ id }: Part): boolean {
  return id.startsWith('custom:');
}

/** The memories of a part in words. */
export function memoriesOf({ flash, ram }: Part): string {
  return flash === null || ram === null
    ? 'no budget'
    : `${bytes(flash).replace('.0 ', ' ')} flash, ${bytes(ram).replace('.0 ', ' ')} RAM`;
}

export function coreTitle(id: TargetId): string {
  return TARGETS.find((target) => target.id === id)?.title ?? id;
}

export interface PartChoice {
  value: string;
  label: string;
  description: string;
}
export const OWN_BUDGET = 'own-budget';

/** What can be chosen: chips by core, cores alone, and memories of one's own. */
export function partChoices(): { label: string; choices: PartChoice[] }[] {
  const cores = TARGETS.map((target) => ({
    label: target.title,
    choices: PARTS.filter((part) => part.target === target.id).map((part) => ({
      value: part.id,
      label: part.title,
      description: [memoriesOf(part), ...(part.note ? [part.note] : [])].join('; '),
    })),
  })).filter(({ choices }) => choices.length > 0);
  return [
    {
      label: 'Own',
      choices: [
        { value: OWN_BUDGET, label: 'Own budget …', description: 'a core with memories of your own' },
      ],
    },
    ...cores,
    {
      label: 'Cores without a budget',
      choices: TARGETS.map(({ id }) => ({
        value: id,
        label: partOf(id).title.replace(/, no budget$/, ''),
        description: 'bytes are shown, and nothing is too large',
      })),
    },
  ];
}
