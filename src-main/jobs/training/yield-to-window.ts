import * as fs from 'node:fs';
import * as os from 'node:os';

/**
 * Lets everything else on the machine go first: a job takes every processor that it can get, for hours, and the window, the
 * host and whatever else a person works with must answer meanwhile. Alone on the machine it is as fast as without.
 *
 * Called before any back end starts its threads, which inherit the priority. A system that refuses is not worth a word.
 */
export function yieldToWindow(): void {
  attempt(() => os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL));
  if (process.platform === 'linux') attempt(yieldAsSession);
}

/**
 * Linux shares the processors among sessions first, and only then by priority within each. A job that is a session of its
 * own would therefore get as much as the window; in a session that it shares, the priority above is enough, and the
 * session's is not ours to change.
 */
function yieldAsSession(): void {
  // Fields after the name, which may hold spaces: state, parent, group, session.
  const [, , , session] = fs.readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  if (session === String(process.pid)) {
    fs.writeFileSync('/proc/self/autogroup', String(os.constants.priority.PRIORITY_BELOW_NORMAL));
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Slower answers are better than no training.
  }
}
