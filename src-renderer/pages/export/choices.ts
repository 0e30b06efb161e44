import type { Bundle } from '#shared/contract/api/export.ts';
import { FORMATS } from '#shared/export/formats/index.ts';

export type TargetId = Bundle['target'];
export type FormatId = Bundle['format'];

export const DEFAULT_FORMAT: FormatId = 'cmake';

/** The registry's formats as the items of a select. */
export const FORMAT_ITEMS = FORMATS.map(({ id, title }) => ({ label: title, value: id }));

/** One sentence: what the bundle is for. */
export function formatDescription(id: FormatId): string {
  return FORMATS.find((format) => format.id === id)?.description ?? '';
}
