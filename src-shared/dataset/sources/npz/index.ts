import { BitsmithError } from '../../../base/errors.ts';
import { baseName, type FormatReader, type PlannedFile, type SampleSink, type Split } from '../../format.ts';
import { holdOut } from '../../hold-out.ts';
import { configurable } from '../../options.ts';
import { readNpyArray, type NpyArray } from './array.ts';
import { encodeLabels, readLabels } from './labels.ts';
import { arrayOf, NpzOptionsSchema, type ArrayRole, type NpzOptions } from './options.ts';
import { featuresOf, toBytes } from './range.ts';
import { channelsLast, sampleAxes } from './samples.ts';

/**
 * NumPy arrays of samples and labels: one `.npz`, or several `.npy` in a folder. Without a test part a share of each
 * class is held out. What is no byte becomes one by a recorded map for each channel.
 */
export const npz = configurable({
  id: 'npz',
  title: 'NumPy arrays (.npz, or .npy side by side)',
  options: NpzOptionsSchema,
  plan,
  open,
});

function plan(names: readonly string[], where: string): PlannedFile[] {
  const archives = names.filter((name) => /\.npz$/i.test(name));
  const arrays = names.filter((name) => /\.npy$/i.test(name));
  if (archives.length > 1) {
    throw new BitsmithError(
      'invalid-input',
      `${where} has more than one .npz file: ${archives.slice(0, 3).join(', ')}; choose one of them`,
    );
  }
  const shared = { split: 'train', part: 'samples' } as const;
  if (archives[0] !== undefined) return [{ name: archives[0], encoding: 'npz', ...shared }];
  if (arrays.length < 2) {
    throw new BitsmithError('not-found', `${where} has no .npz file and no .npy files of samples and labels`);
  }
  return arrays.map((name) => ({ name, encoding: 'plain', ...shared }));
}

/** `x_train.npy` → `x_train`. */
export function arrayName(member: string): string {
  return baseName(member).replace(/\.npy$/i, '');
}

function open(sink: SampleSink, options: NpzOptions): FormatReader {
  const members = new Map<string, { file: string; bytes: Uint8Array }>();

  function find(role: ArrayRole): NpyArray | undefined {
    const names = [...members.keys()];
    const name = arrayOf(role, names, options);
    if (name === undefined) return undefined;
    const member = members.get(name);
    if (!member) {
      throw new BitsmithError('not-found', `there is no array "${name}"; there are: ${names.join(', ')}`, {
        option: role,
      });
    }
    return readNpyArray(member.file, member.bytes);
  }

  function need(role: ArrayRole, what: string): NpyArray {
    const array = find(role);
    if (array) return array;
    throw new BitsmithError(
      'not-found',
      `none of the arrays has a usual name for ${what}; name one of: ${[...members.keys()].join(', ')}`,
      { option: role },
    );
  }

  return {
    add(_planned, { name, bytes, members: inside }) {
      if (!inside) members.set(arrayName(name), { file: name, bytes });
      for (const [member, content] of inside ?? []) {
        members.set(arrayName(member), { file: `${name}/${member}`, bytes: content });
      }
    },
    finish() {
      const first = numbers(need('xTrain', 'the samples'), 'xTrain');
      const second = find('xTest');
      const axes = sampleAxes(first, options.layout);
      const firstLabels = readLabels(need('yTrain', 'the labels'), axes.count);
      const notes: string[] = [];
      if (!second) {
        const { labels, classes } = encodeLabels([firstLabels]);
        const held = holdOut(labels[0]!, options.testShare, options.seed);
        const features = featuresOf(first, axes, options);
        const { bytes, clamped } = toBytes(first, axes, features);
        emit(sink, axes.shape, channelsLast(bytes, axes), labels[0]!, (i) => (held[i] ? 'test' : 'train'));
        if (clamped > 0) notes.push(clampedNote(clamped, bytes.length, 'values'));
        return { classes, ...(features ? { features } : {}), notes };
      }
      const testAxes = sampleAxes(numbers(second, 'xTest'), options.layout);
      const testLabels = readLabels(need('yTest', 'the labels of the test part'), testAxes.count);
      const { labels, classes } = encodeLabels([firstLabels, testLabels]);
      const features = featuresOf(first, axes, options);
      const train = toBytes(first, axes, features);
      const test = toBytes(second, testAxes, features);
      emit(sink, axes.shape, channelsLast(train.bytes, axes), labels[0]!, () => 'train');
      emit(sink, testAxes.shape, channelsLast(test.bytes, testAxes), labels[1]!, () => 'test');
      if (train.clamped > 0) notes.push(clampedNote(train.clamped, train.bytes.length, 'training values'));
      if (test.clamped > 0) notes.push(clampedNote(test.clamped, test.bytes.length, 'test values'));
      return { classes, ...(features ? { features } : {}), notes };
    },
  };
}

function numbers(array: NpyArray, role: ArrayRole): NpyArray {
  if (typeof array.values[0] !== 'string') return array;
  throw new BitsmithError('invalid-input', `${array.file} holds text, which cannot be samples`, {
    option: role,
  });
}

/** One sentence about values that a feature's range does not reach. */
export function clampedNote(clamped: number, all: number, what: string): string {
  return `${clamped} of ${all} ${what} lie outside the range and become its nearest end.`;
}

function emit(
  sink: SampleSink,
  shape: readonly [number, number, number],
  bytes: Uint8Array,
  labels: Uint8Array,
  splitOf: (i: number) => Split,
): void {
  const size = shape[0] * shape[1] * shape[2];
  for (const split of ['train', 'test'] as const) {
    const chosen = Array.from(labels, (_, i) => i).filter((i) => splitOf(i) === split);
    if (chosen.length === 0) continue;
    const whole = chosen.length === labels.length;
    const images = whole ? bytes : new Uint8Array(chosen.length * size);
    if (!whole) chosen.forEach((i, at) => images.set(bytes.subarray(i * size, (i + 1) * size), at * size));
    sink.images(split, shape, images);
    sink.labels(
      split,
      Uint8Array.from(chosen, (i) => labels[i]!),
      'the labels',
      (i) => chosen[i] ?? i,
    );
  }
}
