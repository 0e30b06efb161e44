import { BitsmithError } from '../../../base/errors.ts';
import type { FormatReader, SampleSink } from '../../format.ts';
import { configurable } from '../../options.ts';
import { withChannels } from '../../pictures.ts';
import { ImageOptionsSchema, type ImageOptions } from './options.ts';
import { planPictures } from './plan.ts';

/**
 * PNG and JPEG pictures in one folder for each class, with or without `train` and `test` folders around them. The host
 * decodes a picture and brings it to the chosen size; here it becomes gray or colour and gets its label.
 */
export const images = configurable({
  id: 'images',
  title: 'Folders of pictures (PNG, JPEG), one for each class',
  options: ImageOptionsSchema,
  plan: planPictures,
  open,
});

function open(sink: SampleSink, options: ImageOptions): FormatReader {
  let classes: readonly string[] | undefined;
  let first: { name: string; width: number; height: number } | undefined;
  let channels = options.colour === 'auto' ? undefined : options.colour === 'gray' ? 1 : 3;
  return {
    add(planned, { name, bytes, raster }) {
      classes ??= planned.classes;
      if (!raster || planned.label === undefined) {
        throw new BitsmithError('internal', `${name} was not decoded as a picture of a class`);
      }
      const { width, height } = raster;
      first ??= { name, width, height };
      if (width !== first.width || height !== first.height) {
        throw new BitsmithError(
          'invalid-input',
          `${name} is ${height} × ${width}, but ${first.name} is ${first.height} × ${first.width}: give a height and a width that all pictures are brought to`,
          { file: name, option: 'height' },
        );
      }
      channels ??= raster.channels;
      if (options.colour === 'auto' && raster.channels > channels) {
        throw new BitsmithError(
          'invalid-input',
          `${name} is in colour, but ${first.name} is gray: choose gray or rgb for all of them`,
          { file: name, option: 'colour' },
        );
      }
      const { split, label } = planned;
      sink.images(split, [height, width, channels], withChannels(bytes, raster.channels, channels));
      sink.labels(split, Uint8Array.of(label), name, () => 0);
      sink.origins?.(split, [name]);
    },
    finish: () => ({ classes }),
  };
}
