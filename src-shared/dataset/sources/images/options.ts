import { z } from 'zod';
import { heldOut } from '../../options.ts';
import { PICTURE_FITS, type PictureChoice } from '../../pictures.ts';

const side = z.int().min(1).max(1024);

export const ImageOptionsSchema = z.strictObject({
  /** Size of the samples; one of the two alone makes them square, none keeps the pictures' own size. */
  height: side.optional().meta({ title: 'Height', unit: 'px', absent: 'as the pictures are' }),
  width: side.optional().meta({ title: 'Width', unit: 'px', absent: 'as the pictures are' }),
  /** `auto`: as the first picture is. */
  colour: z
    .enum(['auto', 'gray', 'rgb'])
    .default('auto')
    .meta({ title: 'Colour', description: 'auto: as the first picture is' }),
  fit: z
    .enum(PICTURE_FITS)
    .default('crop')
    .meta({ title: 'Fit', description: 'How a picture of other proportions fills its frame' }),
  background: z
    .enum(['black', 'white'])
    .default('black')
    .meta({ title: 'Background', description: 'Behind transparent pixels, and of the bars of contain' }),
  ...heldOut,
});
export type ImageOptions = z.output<typeof ImageOptionsSchema>;

/** What the host is told about the pictures. */
export function pictureChoice({ height, width, fit, background }: ImageOptions): PictureChoice {
  const [h, w] = [height ?? width, width ?? height];
  return { ...(h !== undefined && w !== undefined ? { size: [h, w] as const } : {}), fit, background };
}
