import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue } from '#main/services/dataset/index.ts';
import { DATASET_NAME } from '#shared/dataset/name.ts';
import { datasetFormats } from '#shared/dataset/sources/index.ts';

const folder = fileURLToPath(new URL('../../../../src-main/services/dataset/catalogue/', import.meta.url));

describe('the catalogue', () => {
  it('lists every file of its folder', () => {
    const files = fs.readdirSync(folder).filter((file) => file !== 'index.ts' && file !== 'types.ts');
    expect(catalogue.map((entry) => `${entry.name}.ts`).sort()).toEqual(files.sort());
  });

  it.each(catalogue.map((entry) => [entry.name, entry] as const))(
    '%s can be had from several checked sources',
    (_name, entry) => {
      expect(entry.name).toMatch(DATASET_NAME);
      expect(entry.sources.length).toBeGreaterThan(1);
      expect(entry.sources[0]).toMatchObject({ kind: 'http', id: 'official' });
      expect(entry.sources.at(-1)).toMatchObject({ kind: 'npm' });
      expect(new Set(entry.sources.map((source) => source.id)).size).toBe(entry.sources.length);
      for (const source of entry.sources) {
        expect(datasetFormats.map((format) => format.id)).toContain(source.format);
        if (source.kind === 'npm') {
          expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
          expect(source.integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
          expect(source.version).toMatch(/^\d+\.\d+\.\d+$/);
          continue;
        }
        for (const file of source.files) {
          expect(file.sha256 ?? file.md5).toMatch(/^([0-9a-f]{64}|[0-9a-f]{32})$/);
          expect(file.bytes).toBeGreaterThan(0);
        }
      }
    },
  );

  it('pins the same samples for all sources of an edition', () => {
    for (const entry of catalogue) {
      const pinned = entry.sources.filter((source) => source.edition === undefined && source.sha256 !== null);
      expect(new Set(pinned.map((source) => source.sha256)).size).toBeLessThanOrEqual(1);
    }
  });
});
