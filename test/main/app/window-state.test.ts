import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWindowState, writeWindowState } from '#main/app/window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const state = { x: 100, y: 50, width: 1200, height: 800, maximized: false };
let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'bitsmith-window-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = () => path.join(folder, 'window-state.json');

describe('the window state', () => {
  it('comes back as it was kept', () => {
    writeWindowState(file(), state);
    expect(readWindowState(file(), [screen])).toEqual(state);
  });
  it('is forgotten when its screen is gone', () => {
    writeWindowState(file(), { ...state, x: 2500 });
    expect(readWindowState(file(), [screen])).toBeNull();
    expect(readWindowState(file(), [screen, { ...screen, x: 1920 }])).not.toBeNull();
  });
  it('is forgotten when its title bar cannot be reached', () => {
    writeWindowState(file(), { ...state, y: -300 });
    expect(readWindowState(file(), [screen])).toBeNull();
  });
  it.each(['', '{', '{"x":1}', '[]', '{"x":1,"y":1,"width":-5,"height":900,"maximized":false}'])(
    'is forgotten when the file says %j',
    (content) => {
      writeFileSync(file(), content);
      expect(readWindowState(file(), [screen])).toBeNull();
    },
  );
  it('that cannot be written is no error', () => {
    writeFileSync(path.join(folder, 'a-file'), '');
    expect(() => writeWindowState(path.join(folder, 'a-file', 'state.json'), state)).not.toThrow();
  });
});
