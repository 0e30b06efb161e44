import { describe, expect, it } from 'vitest';
import type { VerifyRow } from '#shared/contract/api/export.ts';
import { canFollow, RUN_STATUSES } from '#shared/run/status.ts';
import { navigationPages, pages } from '#renderer/app/pages.ts';
import { STATUS_LOOKS } from '#renderer/components/base/status-look.ts';
import { treeRows } from '#renderer/pages/export/file-tree.ts';
import { targetVerdict } from '#renderer/pages/export/target-verdict.ts';
import { verdictOf } from '#renderer/pages/export/verdict.ts';
import { controlsFor } from '#renderer/components/control/run-controls.ts';

const folders = Object.keys(import.meta.glob('../../../src-renderer/pages/*/index.ts')).map(
  (file) => file.split('/').at(-2) ?? '',
);

describe('the pages', () => {
  it('are all listed, once, under the name of their folder', () => {
    expect(pages.map((page) => page.id).toSorted()).toEqual(folders.toSorted());
    expect(new Set(pages.map((page) => page.path)).size).toBe(pages.length);
  });
  it('appear in the navigation in their order', () => {
    expect(navigationPages().map((page) => page.id)).toEqual([
      'home',
      'datasets',
      'new-run',
      'model',
      'schedules',
      'runs',
      'searches',
      'export',
      'settings',
    ]);
  });
});

describe('the controls of a run', () => {
  it.each(RUN_STATUSES)('offer for a run that is %s only what its state allows', (status) => {
    const offered = controlsFor(status).map((control) => control.id);
    expect(offered.includes('resume')).toBe(canFollow(status, 'queued'));
    expect(offered.includes('pause')).toBe(canFollow(status, 'paused'));
    expect(offered.includes('stop')).toBe(canFollow(status, 'stopped'));
    expect(offered.includes('checkpoint')).toBe(status === 'running');
  });
  it('have a word and an icon for every state, not only a colour', () => {
    expect(Object.keys(STATUS_LOOKS).toSorted()).toEqual(RUN_STATUSES.toSorted());
    expect(new Set(Object.values(STATUS_LOOKS).map((look) => look.icon)).size).toBe(RUN_STATUSES.length);
  });
});

describe('treeRows', () => {
  it('puts folders before files, each level by name', () => {
    const rows = treeRows(['b.c', 'src/z.c', 'src/runtime/k.c', 'a.c', 'src/a.c']);
    expect(rows.map((row) => `${' '.repeat(row.depth)}${row.name}${row.folder ? '/' : ''}`)).toEqual([
      'src/',
      ' runtime/',
      '  k.c',
      ' a.c',
      ' z.c',
      'a.c',
      'b.c',
    ]);
    expect(rows.find((row) => row.name === 'k.c')?.path).toBe('src/runtime/k.c');
  });
  it('is empty for nothing', () => expect(treeRows([])).toEqual([]));
});

describe('verdictOf', () => {
  const row: VerifyRow = {
    core: 'cortex-m4',
    runner: 'gcc, qemu',
    ran: true,
    reason: null,
    matched: 100,
    total: 100,
    firstMismatch: null,
    accuracy: null,
    instructionsPerInference: null,
    layers: [],
    flashBytes: null,
    ramBytes: null,
  };
  it('is exact only when every sample agrees', () => {
    expect(verdictOf(row).state).toBe('exact');
    expect(verdictOf({ ...row, matched: 99 }).state).toBe('differs');
    expect(verdictOf({ ...row, matched: 0, total: 0 }).state).toBe('differs');
  });
  it('names the first difference', () => {
    const firstMismatch = { sample: 1234, layer: 'conv2', index: 7, expected: -3, got: 5 };
    expect(verdictOf({ ...row, matched: 98, firstMismatch }).text).toBe(
      '2 samples differ: sample 1,234, layer conv2, output 7 is 5 instead of -3',
    );
  });
  it('says why it did not run', () => {
    expect(verdictOf({ ...row, ran: false, reason: 'install gcc' })).toEqual({
      state: 'not-run',
      text: 'install gcc',
    });
  });
});

describe('targetVerdict', () => {
  const tool = (available: boolean) => ({ available, name: 'tool', remedy: null });
  it.each([
    [true, true, 'runs'],
    [true, false, 'compiles'],
    [false, true, 'write-only'],
    [false, false, 'write-only'],
  ])('compiler %s, emulator %s: %s', (compiler, emulator, verdict) => {
    expect(targetVerdict({ compiler: tool(compiler), emulator: tool(emulator) })).toBe(verdict);
  });
});
