import { LONGEST_TAG, MOST_TAGS, readTags } from '#shared/run/tags.ts';
import type { RunSummary } from '#shared/run/record.ts';

/** What of a run is written in place in the table. */
export type EditableField = 'name' | 'tag' | 'notes';

export const EDITABLE: Record<EditableField, { title: string; key: string; hint: string }> = {
  name: { title: 'Name', key: 'F2', hint: 'Enter saves, Escape leaves it as it was' },
  tag: { title: 'Tags', key: 'T', hint: 'Separated by commas. Enter saves' },
  notes: { title: 'Notes', key: 'N', hint: 'Enter saves, Shift+Enter begins a line' },
};

type Change = Partial<Pick<RunSummary, 'name' | 'tags' | 'notes'>>;

export function editText(run: RunSummary, field: EditableField): string {
  return field === 'tag' ? run.tags.join(', ') : run[field];
}

/** What a written text changes; a sentence when it cannot be taken; null when it changes nothing. */
export function readEdit(run: RunSummary, field: EditableField, text: string): Change | string | null {
  if (text === editText(run, field)) return null;
  if (field === 'notes')
    return text.length > 100_000 ? 'Notes have at most 100,000 characters.' : { notes: text };
  if (field === 'name') {
    const name = text.trim();
    if (name === '') return 'A run needs a name.';
    return name.length > 200 ? 'A name has at most 200 characters.' : { name };
  }
  const tags = readTags(text);
  if (tags.length > MOST_TAGS) return `A run has at most ${MOST_TAGS} tags.`;
  const long = tags.find((tag) => tag.length > LONGEST_TAG);
  return long === undefined ? { tags } : `A tag has at most ${LONGEST_TAG} characters; “${long}” is longer.`;
}
