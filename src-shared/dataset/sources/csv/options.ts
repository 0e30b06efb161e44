import { z } from 'zod';
import { DELIMITERS, type Delimiter } from '../../delimiter.ts';
import { heldOut } from '../../options.ts';

const column = z.string().min(1);
const delimiters = Object.keys(DELIMITERS) as [Delimiter, ...Delimiter[]];

export const CsvOptionsSchema = z.strictObject({
  delimiter: z
    .enum(['auto', ...delimiters])
    .default('auto')
    .meta({ title: 'Delimiter' }),
  /** Whether the first line names the columns; without names they are c1, c2, … */
  header: z.enum(['auto', 'yes', 'no']).default('auto').meta({ title: 'First line names the columns' }),
  /** `folder`: a file's folder is the class of all of its rows. */
  labelFrom: z
    .enum(['column', 'folder'])
    .default('column')
    .meta({ title: 'Class from', description: 'A column, or the folder that a file lies in' }),
  /** Column of the class; absent: the one called label, class or the like, else the last. */
  label: column.optional(),
  /** Columns that the network sees, in this order; absent: all that hold numbers. */
  columns: z.array(column).min(1).max(1024).optional(),
  /** Range of a column that becomes 0 to 255; absent: the least and greatest training value. */
  ranges: z
    .record(
      z.string(),
      z.tuple([z.number(), z.number()]).refine(([low, high]) => Math.fround(high) > Math.fround(low), {
        message: 'must be two numbers, the second of them greater',
      }),
    )
    .default({}),
  /** Column that says which rows belong together: they go to the same part, and no window spans two of them. */
  group: column.optional(),
  /** `rows`: every row is a sample; `windows`: stretches of a time series are. */
  samples: z
    .enum(['rows', 'windows'])
    .default('rows')
    .meta({ title: 'Samples', description: 'Every row, or windows of a time series' }),
  /** Rows of a window, and rows from the start of one to the start of the next. */
  window: z.int().min(2).max(4096).default(50).meta({ title: 'Window', unit: 'rows' }),
  stride: z
    .int()
    .min(1)
    .max(4096)
    .default(25)
    .meta({ title: 'Stride', unit: 'rows', description: 'From the start of a window to that of the next' }),
  windowLabel: z
    .enum(['majority', 'last'])
    .default('majority')
    .meta({ title: 'Class of a window', description: 'Of most of its rows, or of the last' }),
  /** What to do with a row in which a value is missing. */
  missing: z
    .enum(['refuse', 'drop'])
    .default('refuse')
    .meta({ title: 'Rows with a missing value', description: 'Refuse the file, or leave them out' }),
  ...heldOut,
});
export type CsvOptions = z.output<typeof CsvOptionsSchema>;
