import * as fs from 'node:fs';
import { z } from 'zod';
import { writeFileAtomic } from '../platform/files.ts';

/** Where the window was, in the units of the screen. */
export const WindowStateSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(200),
  height: z.int().min(200),
  maximized: z.boolean(),
});
export type WindowState = z.output<typeof WindowStateSchema>;

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The state of last time, or null: none, unreadable, or of a screen that is no longer there. */
export function readWindowState(file: string, screens: readonly Area[]): WindowState | null {
  let content: unknown;
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
  const parsed = WindowStateSchema.safeParse(content);
  return parsed.success && screens.some((screen) => isReachable(parsed.data, screen)) ? parsed.data : null;
}

/** Enough of the title bar is on the screen to drag the window. */
function isReachable(state: WindowState, screen: Area): boolean {
  const left = Math.max(state.x, screen.x);
  const right = Math.min(state.x + state.width, screen.x + screen.width);
  return right - left >= 100 && state.y >= screen.y - 10 && state.y <= screen.y + screen.height - 50;
}

/** Keeps the state for next time. A state that cannot be kept is no reason to bother anybody. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileAtomic(file, JSON.stringify(state));
  } catch {
    // the window opens at its usual place then
  }
}
