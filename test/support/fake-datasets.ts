import { BitsmithError } from '#shared/base/errors.ts';
import type { CatalogueRow, DatasetDetail, ImportKind } from '#shared/contract/api/dataset.ts';
import type { Services } from '#shared/contract/index.ts';
import { IntegrityScan, type IntegrityReport } from '#shared/dataset/integrity.ts';
import { suggestedName } from '#shared/dataset/name.ts';
import { fakeDataset } from './fake-catalogue.ts';
import { fakeImage, fakeLabel } from './fake-images.ts';
import { FAKE_NOW } from './fake-runs.ts';
import type { FakeTasks } from './fake-tasks.ts';

type Split = 'train' | 'test';
const IDX = ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', 't10k-images-idx3-ubyte.gz'];
/** Samples that show the picture of an earlier training sample: some within a part, one across, one conflicting. */
const COPIES: Record<string, number> = {
  'train 812': 40,
  'train 5001': 33,
  'test 99': 1230,
  'test 640': 2110,
};

/** The data set calls on a catalogue in memory. A path with `nothing` in it is not there, one with `broken` is corrupt. */
export function fakeDatasets(
  catalogue: (CatalogueRow & { installed: boolean })[],
  tasks: FakeTasks,
  changed: (name: string) => void,
): Services['dataset'] {
  const imported: DatasetDetail[] = [];
  const reports = new Map<string, IntegrityReport>();
  const all = () => [...catalogue.filter(({ installed }) => installed).map(fakeDataset), ...imported];

  function show(name: string): DatasetDetail {
    const found = all().find((info) => info.name === name);
    if (!found) throw new BitsmithError('not-found', `there is no data set "${name}"`);
    return found;
  }

  function sample(info: DatasetDetail, split: Split, index: number) {
    const copied = COPIES[`${split} ${index}`];
    const label = (at: number) => fakeLabel(at, info.classes.length);
    const shown = copied === undefined || copied >= info.train ? { label: label(index), key: index } : null;
    const image = shown ?? { label: label(copied ?? 0), key: copied ?? 0 };
    const key = shown && split === 'test' ? image.key + info.train : image.key;
    const own = split === 'train' && index === 5001 ? label(index + 1) : image.label;
    return { label: own, digest: String(key), pixels: () => fakeImage(info.shape, image.label, key) };
  }

  function check(info: DatasetDetail): IntegrityReport {
    const scan = new IntegrityScan(info.classes.length);
    const any = new Uint8Array([0, 1]);
    for (const split of ['train', 'test'] as const) {
      for (let i = 0; i < info[split]; i++) {
        const { label, digest } = sample(info, split, i);
        scan.add(split, label, any, digest);
      }
    }
    const report = {
      dataset: info.name,
      checksum: { expected: info.sha256, found: info.sha256 },
      ...scan.result(),
      checkedAt: new Date(FAKE_NOW).toISOString(),
    };
    reports.set(info.name, report);
    return report;
  }

  function entry(name: string) {
    const found = catalogue.find((candidate) => candidate.name === name);
    if (!found) throw new BitsmithError('not-found', `there is no data set "${name}" in the catalogue`);
    return found;
  }

  const small = (name: string, kind: ImportKind, classes?: readonly string[]): DatasetDetail => {
    const names = classes ?? Array.from({ length: 5 }, (_, i) => String(i));
    const even = (total: number) => names.map(() => total / names.length);
    return {
      ...fakeDataset(catalogue[0]!),
      name,
      title: name,
      source: kind,
      shape: kind === 'idx' ? [12, 12, 1] : [32, 32, 3],
      classes: [...names],
      train: 40 * names.length,
      test: 8 * names.length,
      mean: kind === 'idx' ? [41.2] : [125.3, 123, 113.9],
      standardDeviation: kind === 'idx' ? [80.1] : [63, 62.1, 66.7],
      classCounts: { train: even(40 * names.length), test: even(8 * names.length) },
    };
  };

  return {
    catalogue: () => catalogue,
    list: () => all(),
    show: ({ name }) => show(name),
    get({ name }) {
      const row = entry(name);
      return tasks.start(`Get ${row.title}`, { dataset: name }, ['download', 'check', 'install'], () => {
        row.installed = true;
        changed(name);
        return fakeDataset(row);
      });
    },
    inspect({ path }) {
      if (path.includes('nothing')) {
        throw new BitsmithError(
          'not-found',
          `there is no folder or archive ${path}, and no file whose path begins so`,
        );
      }
      const cifar = path.includes('cifar');
      const names = cifar ? ['data_batch_1.bin', 'test_batch.bin'] : [...IDX, 't10k-labels-idx1-ubyte.gz'];
      const where = `the folder ${path}`;
      const missing = (file: string) => `${where} has no file ${file}`;
      return {
        path,
        where,
        files: names.length,
        names,
        name: suggestedName(path),
        kinds: [
          {
            kind: 'idx',
            title: 'IDX files (MNIST and its kin)',
            reason: cifar ? missing('train-images-idx3-ubyte or train-images-idx3-ubyte.gz') : null,
            files: cifar
              ? []
              : names.map((name, i) => ({
                  name,
                  bytes: i % 2 === 0 ? 24_816 : 220,
                  encoding: 'gzip' as const,
                  split: i < 2 ? ('train' as const) : ('test' as const),
                  part: i % 2 === 0 ? ('images' as const) : ('labels' as const),
                })),
          },
          {
            kind: 'cifar-binary',
            title: 'CIFAR-10 and CIFAR-100, binary version',
            reason: cifar ? null : missing('data_batch_1.bin'),
            files: cifar
              ? names.map((name, i) => ({
                  name,
                  bytes: 614_600,
                  encoding: 'plain' as const,
                  split: i === 0 ? ('train' as const) : ('test' as const),
                  part: 'samples' as const,
                }))
              : [],
          },
        ],
      };
    },
    rehearse({ path, kind, classes }) {
      return tasks.start(`read ${path}`, { rehearsal: path }, ['reading'], () => {
        if (path.includes('broken')) {
          throw new BitsmithError(
            'corrupt',
            'train-labels-idx1-ubyte.gz, byte 11: expected a label from 0 to 4 (5 classes); found label 7',
            {
              file: 'train-labels-idx1-ubyte.gz',
              offset: 11,
              expected: 'a label from 0 to 4',
              found: 'label 7',
            },
          );
        }
        const info = small('rehearsal', kind, classes);
        const shown = Array.from({ length: 24 }, (_, i) => sample(info, 'train', i));
        return {
          shape: info.shape,
          classes: info.classes,
          train: info.train,
          test: info.test,
          classCounts: info.classCounts,
          labels: shown.map(({ label }) => label),
          pixels: base64(shown.map(({ pixels }) => pixels())),
        };
      });
    },
    import({ name, kind, classes }) {
      return tasks.start(`import ${name}`, { dataset: name }, ['reading', 'checking'], () => {
        const info = small(name, kind, classes);
        imported.push(info);
        changed(name);
        return info;
      });
    },
    samples({ name, split, offset, count, indices }) {
      const info = show(name);
      const left = Math.max(0, Math.min(count, info[split] - offset));
      const wanted = indices ?? Array.from({ length: left }, (_, i) => offset + i);
      const samples = wanted.map((index) => sample(info, split, index));
      return {
        shape: info.shape,
        labels: samples.map(({ label }) => label),
        pixels: base64(samples.map(({ pixels }) => pixels())),
      };
    },
    labels({ name, split }) {
      const info = show(name);
      return {
        labels: base64([Uint8Array.from({ length: info[split] }, (_, i) => sample(info, split, i).label)]),
      };
    },
    integrity: ({ name }) => reports.get(show(name).name) ?? null,
    checkIntegrity({ name }) {
      const info = show(name);
      return tasks.start(`check ${name}`, { integrity: name }, ['looking at training samples'], () =>
        check(info),
      );
    },
    remove({ name }) {
      show(name);
      const row = catalogue.find((candidate) => candidate.name === name);
      if (row) row.installed = false;
      else imported.splice(0, imported.length, ...imported.filter((info) => info.name !== name));
      changed(name);
      return {};
    },
  };
}

function base64(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('base64');
}
