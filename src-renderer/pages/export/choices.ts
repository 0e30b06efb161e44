import type { Bundle } from '#shared/contract/api/export.ts';

export type TargetId = Bundle['target'];
export type FormatId = Bundle['format'];

export const FORMATS: readonly [FormatId, ...FormatId[]] = ['cmake'];
export const FORMAT_TITLES: Record<FormatId, string> = { cmake: 'CMake and Makefile' };
