/** Raw bytes of samples as pictures. Pure. */
export type Shape = readonly [
  height: number,
  width: number,
  channels: number,
  /** The rows of the bytes are the picture's columns, from left to right, and begin at its bottom: a spectrogram. */
  turned?: 'turned',
];

/** Bytes of base64, as the host sends samples. */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * One image as RGBA rows: one channel is gray, three are red, green and blue; of any other number the first is shown as
 * gray.
 *
 * @param from where the image begins in `bytes`
 * @param out at least h·w·4 bytes; @param at where its first row begins; @param stride bytes from row to row
 */
export function writeRgba(
  bytes: Uint8Array,
  from: number,
  [height, width, channels, turned]: Shape,
  out: Uint8ClampedArray,
  at = 0,
  stride = width * 4,
): void {
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = turned ? x * height + (height - 1 - y) : y * width + x;
      const source = from + place * channels;
      const target = at + y * stride + x * 4;
      out[target] = bytes[source] ?? 0;
      out[target + 1] = bytes[source + green] ?? 0;
      out[target + 2] = bytes[source + blue] ?? 0;
      out[target + 3] = 255;
    }
  }
}

/** One channel of an image as lines of numbers in columns, one line for each row of pixels. */
export function bytesText(image: Uint8Array, [height, width, channels]: Shape, channel: number): string {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) =>
      String(image[(y * width + x) * channels + channel] ?? 0).padStart(3),
    ).join(' '),
  ).join('\n');
}

/** Positions of the samples that carry this label; of all of them when it is null. */
export function positionsOf(labels: Uint8Array, label: number | null): Uint32Array {
  if (label === null) return Uint32Array.from(labels, (_, i) => i);
  let count = 0;
  for (const each of labels) if (each === label) count++;
  const positions = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === label) positions[at++] = i;
  return positions;
}

/** Bytes of an installed set: its images and one label each. */
export function sizeOnDisk(info: { shape: Shape; train: number; test: number }): number {
  const [height, width, channels] = info.shape;
  return (info.train + info.test) * (height * width * channels + 1);
}

/** Rows of a table, or windows of a series: one column of pixels whose channels have names of their own. */
export function isTable([, width]: Shape, features: object | undefined | null): boolean {
  return width === 1 && Boolean(features);
}

/**
 * The shape in which samples are drawn: of a table, columns go to the right; of sound, time goes to the right and frequency
 * up. The bytes are in the same order.
 */
export function pictureShape(
  shape: Shape,
  features: object | undefined | null,
  sound?: object | undefined | null,
): Shape {
  if (sound) return [shape[1], shape[0], shape[2], 'turned'];
  return isTable(shape, features) ? [shape[0], shape[2], 1] : shape;
}

/** `28 × 28, gray`: height, width and what the channels are; `50 rows of 3 columns`; `49 frames of 40 bands`. */
export function shapeText(
  shape: Shape,
  features?: object | null,
  sound?: { features: 'log-mel' | 'mfcc' } | null,
): string {
  const [height, width, channels] = shape;
  if (sound) return `${height} frames of ${width} ${sound.features === 'mfcc' ? 'coefficients' : 'bands'}`;
  if (isTable(shape, features)) {
    const columns = `${channels} ${channels === 1 ? 'column' : 'columns'}`;
    return height === 1 ? columns : `${height} rows of ${columns}`;
  }
  const colours = channels === 1 ? 'gray' : channels === 3 ? 'colour' : `${channels} channels`;
  return `${height} × ${width}, ${colours}`;
}
