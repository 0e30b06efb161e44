import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { datasetFormat, datasetFormats } from '#shared/dataset/sources/index.ts';

const folder = fileURLToPath(new URL('../../../../src-shared/dataset/sources/', import.meta.url));

describe('the registry of data set formats', () => {
  it('lists every folder of sources/, and nothing else', () => {
    const folders = fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(datasetFormats.map((format) => format.id).sort()).toEqual(folders.sort());
  });

  it('says what there is when a format is unknown', () => {
    expect(() => datasetFormat('idxx')).toThrow(/Did you mean "idx"\? There are: .*cifar-binary/);
  });
});
