import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  labelOf,
  schemaFields,
  variantOf,
  type FieldShape,
} from '#renderer/components/form/schema-fields.ts';
import { placeholderOf, problemsOf, written } from '#renderer/components/form/schema-edit.ts';
import { LAYER_KINDS } from '#shared/model/layers/registry.ts';
import { METHODS } from '#shared/quant/registry.ts';

const fieldOf = (schema: z.ZodType, key: string) => {
  const field = schemaFields(schema).find((one) => one.key === key);
  if (!field) throw new Error(`no field ${key}`);
  return field;
};
const conv = LAYER_KINDS.find(({ kind }) => kind === 'conv2d')?.schema ?? z.never();
const variants = (shape: FieldShape) => (shape.kind === 'variants' ? shape.variants : []);
const leaves = (shape: FieldShape): FieldShape[] =>
  shape.kind === 'group'
    ? shape.fields.flatMap((field) => leaves(field.shape))
    : shape.kind === 'variants'
      ? shape.variants.flatMap((one) => (one.shape ? leaves(one.shape) : []))
      : [shape];

describe('the fields of a schema', () => {
  it('say their name, their range, their default and what they mean', () => {
    const schema = z.strictObject({
      learningRate: z.number().positive().max(1).default(0.1).describe('size of a step'),
      epochs: z.int().min(1).max(10).meta({ title: 'Length', unit: 'epochs' }),
    });
    expect(schemaFields(schema)).toMatchObject([
      { label: 'Learning rate', help: 'size of a step · above 0 up to 1', fallback: 0.1, required: false },
      { label: 'Length', help: '1 to 10', unit: 'epochs', required: true, fallback: undefined },
    ]);
    expect(labelOf('padValue')).toBe('Pad value');
  });

  it('are edited by a control of their own in every kind of layer and every method, never as bare JSON', () => {
    const layers = LAYER_KINDS.flatMap(({ schema }) =>
      schemaFields(schema).filter(({ key }) => key !== 'weights' && key !== 'activations'),
    );
    const parameters = METHODS.flatMap(({ weights, activations }) =>
      [weights, activations].flatMap((side) => (side ? schemaFields(side.parameters) : [])),
    );
    const shapes = [...layers, ...parameters].flatMap(({ shape }) => leaves(shape));
    expect(shapes.length).toBeGreaterThan(100);
    expect(shapes.filter(({ kind }) => kind === 'json')).toEqual([]);
  });

  it('leave the default out of the document, and nothing else', () => {
    const strides = fieldOf(conv, 'strides');
    expect(written(strides, 1)).toBeUndefined();
    expect(written(strides, [1, 1])).toEqual([1, 1]);
    expect(written(strides, 'two')).toBe('two');
    expect(placeholderOf(strides)).toBe('1');
  });

  it('find the problems inside of them, with the rest of the path', () => {
    const problems = [
      { path: 'kernel[1]', text: 'a' },
      { path: 'kernelSize', text: 'b' },
      { path: 'initial.deviation', text: 'c' },
    ];
    expect(problemsOf(problems, 'kernel')).toEqual([{ path: '[1]', text: 'a' }]);
    expect(problemsOf(problems, 'initial')).toEqual([{ path: 'deviation', text: 'c' }]);
  });
});

describe('a value of several forms', () => {
  const padding = variants(fieldOf(conv, 'padding').shape);
  const title = (value: unknown, among = padding) => variantOf(among, value)?.title;

  it('has the form that its value says, also while a number is being typed', () => {
    expect(title('same')).toBe('same');
    expect(title(2)).toBe('One number');
    expect(title('2x')).toBe('One number');
    expect(title([1, 2])).toBe('Rows × columns');
    expect(title({ top: 1, bottom: 0, left: 1, right: 0 })).toBe('Each side');
  });

  it('takes the numbers that it has along into another form', () => {
    const start = (name: string, before: unknown) => padding.find((one) => one.title === name)?.start(before);
    expect(start('Rows × columns', 3)).toEqual([3, 3]);
    expect(start('One number', [4, 5])).toBe(4);
    expect(start('Each side', [1, 2])).toEqual({ top: 1, bottom: 2, left: 1, right: 1 });
    expect(start('One number', 'same')).toBe(1);
  });

  it('starts in every form with a value that the schema takes', () => {
    for (const { kind, schema } of LAYER_KINDS) {
      for (const { key, shape } of schemaFields(schema)) {
        if (key === 'weights' || key === 'activations') continue;
        for (const { title: form, start } of variants(shape)) {
          const value = start(undefined);
          const field = schema.shape[key] as z.ZodType;
          expect(field.safeParse(value).success, `${kind}.${key}, ${form}: ${JSON.stringify(value)}`).toBe(
            true,
          );
        }
      }
    }
  });

  it('can be left out where the field is optional', () => {
    const initial = variants(fieldOf(conv, 'initial').shape);
    expect(title(undefined, initial)).toBe('default');
    expect(
      initial.find((one) => one.title === 'default')?.start({ kind: 'normal', deviation: 1 }),
    ).toBeUndefined();
    expect(title({ kind: 'normal', deviation: 0.05 }, initial)).toBe('normal');
  });
});
