import { BitsmithError, toErrorData } from '#shared/base/errors.ts';
import {
  IMPORT_KINDS,
  type CatalogueRow,
  type DatasetDetail,
  type ImportKind,
} from '#shared/contract/api/dataset.ts';
import type { Services } from '#shared/contract/index.ts';
import { IntegrityScan, type IntegrityReport } from '#shared/dataset/integrity.ts';
import { suggestedName } from '#shared/dataset/name.ts';
import { configured } from '#shared/dataset/options.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import { fakeDataset } from './fake-catalogue.ts';
import { fakeImage, fakeLabel } from './fake-images.ts';
import { fakeSound, fakeSpectrogram } from './fake-sounds.ts';
import { FAKE_NOW } from './fake-runs.ts';
import type { FakeTasks } from './fake-tasks.ts';

type Split = 'train' | 'test';
const IDX = ['train-images', 'train-labels', 't10k-images', 't10k-labels'].map(
  (part) => `${part}-idx${part.endsWith('images') ? 3 : 1}-ubyte.gz`,
);
const PICTURES = ['cat', 'dog', 'owl'].flatMap((name) =>
  Array.from({ length: 40 }, (_, i) => `${name}/${String(i).padStart(3, '0')}.png`),
);
const SOUNDS = ['fall', 'rise', 'steady'].flatMap((name) =>
  Array.from({ length: 40 }, (_, i) => `${name}/${String(i).padStart(3, '0')}.wav`),
);
/** What lies at a path: the first of these words in it decides. */
const PLACES: Record<string, readonly string[]> = {
  cifar: ['data_batch_1.bin', 'test_batch.bin'],
  pictures: PICTURES,
  sounds: SOUNDS,
  walk: ['walk.csv'],
  arrays: ['arrays.npz'],
};
const UNREADABLE = 'owl/013.png, byte 0: expected a whole PNG or JPEG picture; found damaged or cut-off data';
const COLUMNS = ['time', 'x', 'y', 'z', 'activity'];
const OWN_CLASSES: Partial<Record<ImportKind, string[]>> = {
  images: ['cat', 'dog', 'owl'],
  wav: ['fall', 'rise', 'steady'],
  csv: ['run', 'sit', 'walk'],
};
const NOTES: Partial<Record<ImportKind, string[]>> = {
  csv: ['12 of 4,000 test values lie outside their column’s range and become its nearest end.'],
  wav: ['7 files are shorter than 1 s and end in silence.'],
};
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
    return { label: own, digest: String(key), pixels: () => pixelsOf(info, image.label, key) };
  }

  function pixelsOf({ shape, sound }: DatasetDetail, label: number, key: number): Uint8Array {
    return sound ? fakeSpectrogram(sound, label, key) : fakeImage(shape, label, key);
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
      unreadable: unreadableOf(info),
      unusual: unusualOf(info),
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

  const small = (
    name: string,
    { kind, classes, options = {} }: { kind: ImportKind; classes?: readonly string[]; options?: object },
  ): DatasetDetail => {
    const given = options as Record<string, unknown>;
    configured(datasetFormat(kind), given);
    const own = OWN_CLASSES[kind];
    const heard = kind === 'wav' ? fakeSound(given) : null;
    const names = classes ?? own ?? Array.from({ length: 5 }, (_, i) => String(i));
    const even = (total: number) => names.map(() => total / names.length);
    const side = Number(given.height ?? given.width ?? 24);
    const columns = (given.columns as string[] | undefined) ?? COLUMNS.slice(0, -1);
    const windows = given.samples === 'windows';
    const shapes: Partial<Record<ImportKind, [number, number, number]>> = {
      'cifar-binary': [32, 32, 3],
      images: [side, side, given.colour === 'gray' ? 1 : 3],
      csv: [windows ? Number(given.window ?? 50) : 1, 1, columns.length],
    };
    const shape = heard?.shape ?? shapes[kind] ?? [12, 12, 1];
    const perChannel = (value: number) => Array.from({ length: shape[2] }, (_, c) => value + c);
    return {
      ...fakeDataset(catalogue[0]!),
      name,
      title: name,
      source: kind,
      shape,
      classes: [...names],
      train: 40 * names.length,
      test: 8 * names.length,
      mean: perChannel(41.2),
      standardDeviation: perChannel(80.1),
      classCounts: { train: even(40 * names.length), test: even(8 * names.length) },
      ...(kind === 'csv'
        ? { features: columns.map((column, c) => ({ name: column, minimum: -2 - c, maximum: 2 + c })) }
        : {}),
      ...(heard ? { sound: heard.sound } : {}),
      imported: { options: given, notes: notesOf(kind), unreadable: kind === 'images' ? 1 : 0 },
    };
  };
  const notesOf = (kind: ImportKind) => NOTES[kind] ?? [];
  /** Training sample 5001 carries the label of the next class. */
  const unusualOf = (info: DatasetDetail): IntegrityReport['unusual'] => {
    const wrong = sample(info, 'train', 5001);
    const found = info.train > 5001;
    const neighbours = fakeLabel(5001, info.classes.length);
    return {
      agreement: 0.97,
      references: Math.min(8000, info.train),
      count: found ? 1 : 0,
      samples: found ? [{ split: 'train', index: 5001, label: wrong.label, neighbours }] : [],
    };
  };

  const unreadableOf = (info: Pick<DatasetDetail, 'imported'>) =>
    info.imported?.unreadable
      ? { count: 1, files: [{ name: 'owl/013.png', reason: UNREADABLE }] }
      : { count: 0, files: [] };
  const originOf = (info: DatasetDetail, split: Split, index: number): string | null => {
    if (info.source === 'images' || info.source === 'wav') {
      const label = info.classes[fakeLabel(index, info.classes.length)];
      return `${label}/${split === 'train' ? '' : 't'}${String(index).padStart(3, '0')}.${info.sound ? 'wav' : 'png'}`;
    }
    return info.source === 'csv' ? `walk.csv, line ${index + 2}` : null;
  };
  const originsOf = (info: DatasetDetail, split: Split, indices: readonly number[]) => {
    const names = indices.map((index) => originOf(info, split, index));
    return names.every((name) => name !== null) ? names : null;
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
      const word = Object.keys(PLACES).find((one) => path.includes(one));
      const names = (word === undefined ? undefined : PLACES[word]) ?? IDX;
      const where = `the folder ${path}`;
      return {
        path,
        where,
        files: names.length,
        names: names.slice(0, 20),
        name: suggestedName(path),
        kinds: IMPORT_KINDS.map((kind) => {
          const { title, plan } = datasetFormat(kind);
          try {
            const files = plan(names, where);
            const bytes = (part: string) => (part === 'labels' ? 220 : 24_816);
            return {
              kind,
              title,
              reason: null,
              count: files.length,
              files: files.slice(0, 100).map(({ name, encoding, split, part }) => ({
                name,
                encoding,
                split,
                part,
                bytes: bytes(part),
              })),
            };
          } catch (error) {
            return { kind, title, reason: toErrorData(error).message, count: 0, files: [] };
          }
        }),
      };
    },
    peek({ kind, options = {} }) {
      configured(datasetFormat(kind), options);
      const nothing = { columns: null, arrays: null, pictures: null, sounds: null };
      if (kind === 'csv') {
        const columns = COLUMNS.map((name, i) => {
          const numeric = i < 4;
          return { name, numeric, examples: numeric ? ['0.25', '-1.5'] : ['walk', 'run'] };
        });
        return { ...nothing, columns };
      }
      if (kind === 'npz') {
        const arrays = [
          { name: 'samples', dtype: '<f4', shape: [240, 12, 12] },
          { name: 'answers', dtype: '<i8', shape: [240] },
        ];
        return { ...nothing, arrays };
      }
      if (kind !== 'images' && kind !== 'wav') return nothing;
      const info = small('peek', { kind, options });
      const shown = Array.from({ length: 12 }, (_, i) => sample(info, 'train', i));
      if (info.sound) {
        const sounds = {
          rates: [info.sound.sampleRate],
          seconds: [0.62, 1] as [number, number],
          shape: info.shape,
          sound: info.sound,
          classes: info.classes,
          labels: shown.map(({ label }) => label),
          pixels: base64(shown.map(({ pixels }) => pixels())),
        };
        return { ...nothing, sounds };
      }
      const pictures = {
        size: [24, 24] as [number, number],
        shape: info.shape,
        classes: info.classes,
        labels: shown.map(({ label }) => label),
        pixels: base64(shown.map(({ pixels }) => pixels())),
      };
      return { ...nothing, pictures };
    },
    rehearse({ path, ...request }) {
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
        const info = small('rehearsal', request);
        const shown = Array.from({ length: 24 }, (_, i) => sample(info, 'train', i));
        return {
          shape: info.shape,
          classes: info.classes,
          train: info.train,
          test: info.test,
          classCounts: info.classCounts,
          labels: shown.map(({ label }) => label),
          pixels: base64(shown.map(({ pixels }) => pixels())),
          origins: originsOf(info, 'train', [...shown.keys()]),
          features: info.features ?? null,
          sound: info.sound ?? null,
          notes: info.imported?.notes ?? [],
          unreadable: unreadableOf(info),
        };
      });
    },
    import({ name, ...request }) {
      return tasks.start(`import ${name}`, { dataset: name }, ['reading', 'checking'], () => {
        const info = small(name, request);
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
        origins: originsOf(info, split, wanted),
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
