import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { describe, expect, it } from 'vitest';

const PROGRAM = `
  import * as fs from 'node:fs';
  import * as os from 'node:os';
  import { yieldToWindow } from './src-main/jobs/training/yield-to-window.ts';
  const group = () => fs.existsSync('/proc/self/autogroup') ? fs.readFileSync('/proc/self/autogroup', 'utf8').trim() : '';
  const before = group();
  yieldToWindow();
  console.log(JSON.stringify({ priority: os.getPriority(), before, after: group() }));
`;

function observe(detached: boolean): { priority: number; before: string; after: string } {
  // Like a job: a session of its own where it is detached.
  const program = detached ? 'setsid' : process.execPath;
  const { stdout, stderr } = spawnSync(
    program,
    [...(detached ? ['--wait', process.execPath] : []), '--input-type=module', '--eval', PROGRAM],
    { encoding: 'utf8' },
  );
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

const below = os.constants.priority.PRIORITY_BELOW_NORMAL;

describe('yieldToWindow', () => {
  it('takes a lower priority, and leaves the session of others alone', () => {
    const { priority, before, after } = observe(false);
    expect(priority).toBe(below);
    expect(after).toBe(before);
  });

  const grouped = process.platform === 'linux' && fs.existsSync('/proc/self/autogroup');
  it.runIf(grouped)('lowers its own session where Linux shares among sessions', () => {
    const { priority, after } = observe(true);
    expect(priority).toBe(below);
    expect(after).toMatch(new RegExp(`nice ${below}$`));
  });
});
