import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FORMAT_IDS, TARGET_IDS } from '#shared/contract/api/export.ts';
import { FORMATS, formatOf } from '#shared/export/formats/index.ts';
import { INTEGER_PASSES, TRAINED_PASSES } from '#shared/export/passes/lower.ts';
import { TARGETS, targetOf } from '#shared/export/targets/index.ts';

const room = (name: string) => fileURLToPath(new URL(`../../../src-shared/export/${name}`, import.meta.url));
const folders = (name: string) =>
  fs
    .readdirSync(room(name), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

describe('the registries', () => {
  it('list every target folder, and the contract every target', () => {
    expect(TARGETS.map((target) => target.id).sort()).toEqual(folders('targets'));
    expect([...TARGET_IDS].sort()).toEqual(folders('targets'));
  });

  it('list every format folder, and the contract every format', () => {
    expect(FORMATS.map((format) => format.id).sort()).toEqual(folders('formats'));
    expect([...FORMAT_IDS].sort()).toEqual(folders('formats'));
  });

  it('name their passes after files', () => {
    for (const pass of [...TRAINED_PASSES, ...INTEGER_PASSES]) {
      expect(fs.existsSync(`${room('passes')}/${pass.id}.ts`), pass.id).toBe(true);
    }
  });

  it('answer an unknown id with those that exist', () => {
    expect(() => targetOf('z80')).toThrow(/no target "z80".*cortex-m4/);
    expect(() => formatOf('zip')).toThrow(/no bundle format "zip".*cmake/);
  });

  it('give every emulated target disjoint memories', () => {
    for (const { id, machine } of TARGETS) {
      if (!machine) continue;
      const { flash, ram } = machine;
      const apart = flash.origin + flash.length <= ram.origin || ram.origin + ram.length <= flash.origin;
      expect(apart, id).toBe(true);
    }
  });
});
