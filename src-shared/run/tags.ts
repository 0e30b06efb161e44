import { BitsmithError } from '../base/errors.ts';
import type { RunSummary } from './record.ts';

export const MOST_TAGS = 50;
export const LONGEST_TAG = 50;

/**
 * A run's tags after some were taken away and some added: each once, in their order.
 *
 * @throws BitsmithError `invalid-input` when there would be too many
 */
export function changedTags(
  run: Pick<RunSummary, 'id' | 'tags'>,
  change: { add: readonly string[]; remove: readonly string[] },
): string[] {
  const next = [...new Set([...run.tags.filter((tag) => !change.remove.includes(tag)), ...change.add])];
  if (next.length > MOST_TAGS) {
    throw new BitsmithError(
      'invalid-input',
      `run ${run.id} would have ${next.length} tags; at most ${MOST_TAGS} are allowed`,
      { run: run.id },
    );
  }
  return next;
}

/** `paper, m4` as tags: trimmed, each once, none empty. */
export function readTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ];
}
