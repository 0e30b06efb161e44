import type { Reader } from './reader.ts';

/** What each reason for leaving nodes out means to a person. */
const REASONS: Readonly<Record<string, string>> = {
  normalization: 'The data set normalises the samples here; left out',
  samples: 'Samples have 8 bits here anyway; left out',
  scale: 'Scales and thresholds come from training; left out',
  order: 'Flattened values are in another order here (channels last), which training evens out',
  end: 'The network ends with the logits; left out',
};

/** Names that a note shows. */
const SHOWN = 6;

/** @param left how many nodes the output does not depend on */
export function notesOf({ dropped, chosen }: Reader, left: number): string[] {
  const notes = [...dropped].map(([reason, nodes]) => `${REASONS[reason] ?? reason}: ${listed(nodes)}.`);
  if (left > 0) notes.push(`Nodes that the output does not depend on are left out: ${left}.`);
  if (chosen.size > 0) {
    const methods = Map.groupBy(chosen, ([, method]) => method);
    const text = [...methods].map(([method, of]) => `${method} for ${listed(of.map(([layer]) => layer))}`);
    notes.push(`A file says how numbers are deployed, not how they are trained. Chosen: ${text.join('; ')}.`);
  }
  return notes;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
