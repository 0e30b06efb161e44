import { host } from '../../client/index.ts';
import { fromBase64, writeRgba, type Shape } from './pixels.ts';

export type Split = 'train' | 'test';

/** Some samples as the host keeps them. */
export interface SampleBytes {
  shape: Shape;
  labels: readonly number[];
  bytes: Uint8Array;
  /** What they come from: a file, or a place in one; null where that is not known. */
  origins: readonly string[] | null;
}

export async function fetchSamples(
  name: string,
  split: Split,
  indices: ArrayLike<number>,
): Promise<SampleBytes> {
  const answer = await host.call.dataset.samples({ name, split, indices: Array.from(indices) });
  return {
    shape: answer.shape,
    labels: answer.labels,
    bytes: fromBase64(answer.pixels),
    origins: answer.origins,
  };
}

/** Samples of a page: about half a megabyte, at most 256. */
export function samplesPerPage([height, width, channels]: Shape): number {
  return Math.max(1, Math.min(256, Math.floor((1 << 19) / (height * width * channels))));
}

/** A page's pictures on one canvas, so that drawing one of them is a copy. */
export interface Atlas {
  canvas: HTMLCanvasElement;
  columns: number;
  labels: readonly number[];
}

export function drawAtlas({ shape, labels, bytes }: Omit<SampleBytes, 'origins'>): Atlas {
  const [height, width, channels] = shape;
  const columns = Math.min(16, labels.length);
  const canvas = document.createElement('canvas');
  canvas.width = columns * width;
  canvas.height = Math.ceil(labels.length / columns) * height;
  const context = canvas.getContext('2d');
  if (context && canvas.width > 0) {
    const image = context.createImageData(canvas.width, canvas.height);
    const stride = canvas.width * 4;
    for (let i = 0; i < labels.length; i++) {
      const at = Math.floor(i / columns) * height * stride + (i % columns) * width * 4;
      writeRgba(bytes, i * height * width * channels, shape, image.data, at, stride);
    }
    context.putImageData(image, 0, 0);
  }
  return { canvas, columns, labels };
}
