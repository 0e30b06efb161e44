import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Time of the newest (or oldest) change among files and all files below folders, in milliseconds; null when one of them
 * is not there.
 */
export function newestChange(places: readonly string[], which: 'newest' | 'oldest'): number | null {
  let found: number | null = null;
  for (const place of places) {
    const time = changeOf(place, which);
    if (time === null) return null;
    found = found === null ? time : which === 'newest' ? Math.max(found, time) : Math.min(found, time);
  }
  return found;
}

function changeOf(place: string, which: 'newest' | 'oldest'): number | null {
  const state = fs.statSync(place, { throwIfNoEntry: false });
  if (!state) return null;
  if (!state.isDirectory()) return state.mtimeMs;
  const inside = fs.readdirSync(place).map((name) => path.join(place, name));
  return inside.length === 0 ? state.mtimeMs : newestChange(inside, which);
}
