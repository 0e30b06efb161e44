/** Pictures that look like something, made from (shape, label, index) alone. */
export function fakeImage(
  [height, width, channels]: readonly [number, number, number],
  label: number,
  index: number,
): Uint8Array {
  const image = new Uint8Array(height * width * channels);
  const paint = channels === 1 ? digit(label, index) : thing(label, index);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = paint((x + 0.5) / width, (y + 0.5) / height);
      for (let c = 0; c < channels; c++) image[(y * width + x) * channels + c] = pixel[c % pixel.length] ?? 0;
    }
  }
  return image;
}

/** Every class ten times in a hundred samples, in an order that is not that of the classes. */
export function fakeLabel(index: number, classes: number): number {
  return (index * 7 + Math.floor(index / classes) * 3) % classes;
}

type Paint = (x: number, y: number) => readonly number[];

/** Which of the seven segments (top, upper left and right, middle, lower left and right, bottom) a digit lights. */
const SEGMENTS = [
  '1110111',
  '0010010',
  '1011101',
  '1011011',
  '0111010',
  '1101011',
  '1101111',
  '1010010',
  '1111111',
  '1111011',
];
const PLACES: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 1, 0],
  [0, 0, 0, 0.5],
  [1, 0, 1, 0.5],
  [0, 0.5, 1, 0.5],
  [0, 0.5, 0, 1],
  [1, 0.5, 1, 1],
  [0, 1, 1, 1],
];

function digit(label: number, index: number): Paint {
  const lit = PLACES.filter((_, i) => SEGMENTS[label % 10]?.[i] === '1');
  const [slant, dx, dy, thick] = [
    0.25 * wobble(index, 1),
    0.08 * wobble(index, 2),
    0.05 * wobble(index, 3),
    0,
  ];
  const width = 0.06 + 0.02 * wobble(index, 4) + thick;
  return (px, py) => {
    const y = (py - 0.2 - dy) / 0.6;
    const x = (px - 0.34 - dx + slant * (y - 0.5) * 0.6) / 0.32;
    const near = Math.min(...lit.map((segment) => distance(x * 0.32, y * 0.6, segment)));
    return [Math.round(255 * Math.min(1, Math.max(0, (width - near) / 0.03)))];
  };
}

function distance(x: number, y: number, [ax, ay, bx, by]: readonly [number, number, number, number]): number {
  const nearest = (value: number, a: number, b: number) => Math.min(Math.max(value, a), b);
  return Math.hypot(x - nearest(x, ax * 0.32, bx * 0.32), y - nearest(y, ay * 0.6, by * 0.6));
}

function thing(label: number, index: number): Paint {
  const tint = [wobble(label, 11), wobble(label, 12), wobble(label, 13)].map((w) => 128 + 110 * w);
  const back = [wobble(index, 14), wobble(index, 15), wobble(index, 16)].map((w) => 150 + 60 * w);
  const [cx, cy, size] = [0.5 + 0.1 * wobble(index, 17), 0.5 + 0.1 * wobble(index, 18), 0.28];
  const power = [1, 2, 6][label % 3] ?? 2;
  return (x, y) => {
    const inside = Math.abs((x - cx) / size) ** power + Math.abs((y - cy) / (size * 0.8)) ** power < 1;
    return (inside ? tint : back.map((value) => value * (0.7 + 0.4 * y))).map((value) =>
      Math.max(0, Math.min(255, Math.round(value))),
    );
  };
}

/** Between −1 and 1, the same each time. */
function wobble(index: number, salt: number): number {
  const mixed = Math.imul(index * 31 + salt, 2654435761) >>> 0;
  return ((Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 8) / 16777216) * 2 - 1;
}
