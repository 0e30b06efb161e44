import * as path from 'node:path';
import sharp from 'sharp';
import { messageOf } from '#shared/base/errors.ts';
import { corruptFile, type PlannedFile, type SourceFile } from '#shared/dataset/format.ts';
import type { PictureChoice } from '#shared/dataset/pictures.ts';

const FITS = { crop: 'cover', contain: 'contain', stretch: 'fill' } as const;
const GRAY = new Set(['b-w', 'grey16', 'b-w16']);

/**
 * A PNG or JPEG picture as pixels, one channel or three: upright (EXIF), without transparency, brought to the chosen size.
 *
 * @throws BitsmithError `corrupt` for what is no whole picture
 */
export async function readPicture(folder: string, { name, picture }: PlannedFile): Promise<SourceFile> {
  const { size, fit, background }: PictureChoice = picture ?? { fit: 'crop', background: 'black' };
  try {
    const input = sharp(path.join(folder, name), { failOn: 'warning' });
    const { space, format } = await input.metadata();
    if (format !== 'png' && format !== 'jpeg') throw new Error(`unsupported image format ${format}`);
    const upright = input.autoOrient().flatten({ background });
    const sized = size
      ? upright.resize({ height: size[0], width: size[1], fit: FITS[fit], background })
      : upright;
    const { data, info } = await sized
      .toColourspace(GRAY.has(space ?? '') ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return { name, bytes: new Uint8Array(data), raster: { width, height, channels } };
  } catch (error) {
    // The library says the same thing in several ways.
    const found = /unsupported image format/.test(messageOf(error))
      ? 'another kind of file'
      : 'damaged or cut-off data';
    throw corruptFile(name, 0, 'a whole PNG or JPEG picture', found);
  }
}
