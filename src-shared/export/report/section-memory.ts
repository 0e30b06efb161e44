/** Where a section of a program lies. `both`: initialised data, whose first values are in flash. */
export type SectionMemory = 'flash' | 'ram' | 'both';

/** Null: debug information, attributes, and whatever else is never loaded. */
export function sectionMemory(section: string): SectionMemory | null {
  if (/^\.(vectors|text|rodata|srodata|data\.rel\.ro)(\.|$)/.test(section)) return 'flash';
  if (/^\.s?data(\.|$)/.test(section)) return 'both';
  if (/^\.s?bss(\.|$)|^COMMON$/.test(section)) return 'ram';
  return null;
}
