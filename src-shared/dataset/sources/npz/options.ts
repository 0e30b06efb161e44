import { z } from 'zod';
import { heldOut } from '../../options.ts';

export const NPZ_LAYOUTS = ['auto', 'NHW', 'NHWC', 'NCHW', 'NTC', 'NF'] as const;
export type NpzLayout = (typeof NPZ_LAYOUTS)[number];

const array = (title: string) =>
  z.string().min(1).optional().meta({ title, absent: 'found by the usual names' });

export const NpzOptionsSchema = z.strictObject({
  /** Names of the arrays; absent: found by the usual names. */
  xTrain: array('Samples'),
  yTrain: array('Labels'),
  xTest: array('Test samples'),
  yTest: array('Test labels'),
  /** Order of the axes: N samples, H rows, W columns, C channels, T steps of a series, F features. */
  layout: z.enum(NPZ_LAYOUTS).default('auto').meta({
    title: 'Axes',
    description: 'N samples, H rows, W columns, C channels, T steps of a series, F features',
  }),
  /**
   * Which values become the bytes 0 and 255. `auto`: bytes as they are, floats from 0 to 1 or whole ones up to 255;
   * `given`: `minimum` and `maximum`; `measured`: the least and greatest of each channel's training values.
   */
  range: z.enum(['auto', 'given', 'measured']).default('auto').meta({
    title: 'Range of values',
    description:
      'Becomes 0 to 255. auto: bytes as they are, floats from 0 to 1. measured: of the training values',
  }),
  minimum: z.number().optional().meta({ title: 'Value of byte 0', description: 'Of a given range' }),
  maximum: z.number().optional().meta({ title: 'Value of byte 255', description: 'Of a given range' }),
  ...heldOut,
});
export type NpzOptions = z.output<typeof NpzOptionsSchema>;

const USUAL = {
  xTrain: ['x_train', 'xtrain', 'train_x', 'train_images', 'train_data', 'x', 'images', 'data', 'features'],
  yTrain: ['y_train', 'ytrain', 'train_y', 'train_labels', 'y', 'labels', 'label', 'targets', 'target'],
  xTest: ['x_test', 'xtest', 'test_x', 'test_images', 'test_data'],
  yTest: ['y_test', 'ytest', 'test_y', 'test_labels'],
} as const;
export type ArrayRole = keyof typeof USUAL;
export const ARRAY_ROLES = Object.keys(USUAL) as ArrayRole[];

/** The array of a role: the one that was chosen, or the one with a usual name. */
export function arrayOf(
  role: ArrayRole,
  names: readonly string[],
  options: Partial<Pick<NpzOptions, ArrayRole>>,
): string | undefined {
  const chosen = options[role];
  if (chosen !== undefined) return chosen;
  return USUAL[role]
    .map((usual) => names.find((name) => name.toLowerCase() === usual))
    .find((name) => name !== undefined);
}
