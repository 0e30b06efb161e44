import type { Bundle } from '#shared/contract/api/export.ts';
import { FORMATS } from '#shared/export/formats/index.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';

export type TargetId = Bundle['target'];
export type FormatId = Bundle['format'];
export type Objective = PlanOptions['objective'];
export type Kernels = PlanOptions['kernels'];

export const DEFAULT_FORMAT: FormatId = 'cmake';
export const DEFAULT_OBJECTIVE: Objective = 'balanced';
export const DEFAULT_KERNELS: Kernels = 'auto';

/** The registry's formats as the items of a select. */
export const FORMAT_ITEMS = FORMATS.map(({ id, title }) => ({ label: title, value: id }));

/** One sentence: what the bundle is for. */
export function formatDescription(id: FormatId): string {
  return FORMATS.find((format) => format.id === id)?.description ?? '';
}

interface Choice {
  title: string;
  text: string;
}

/** What kernels and packings are chosen for, in the order of the form. */
export const OBJECTIVES: Record<Objective, Choice> = {
  balanced: { title: 'Balanced', text: 'Instructions and flash count alike.' },
  speed: { title: 'Speed', text: 'The fewest instructions, whatever flash they take.' },
  flash: { title: 'Flash', text: 'The fewest bytes of weights and code, even if slower.' },
  ram: { title: 'RAM', text: 'The smallest working memory for kernels; the rest balanced.' },
};

/** Which kernels may be chosen. */
export const KERNELS: Record<Kernels, Choice> = {
  auto: {
    title: 'The best of all kernels',
    text: 'Bit planes, lists of weights, SWAR, chosen layer by layer.',
  },
  reference: {
    title: 'Reference kernels only',
    text: 'The plain ones, in which every step can be followed. Slower, and without packings to choose.',
  },
};
