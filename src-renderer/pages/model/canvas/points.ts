export interface Point {
  x: number;
  y: number;
}
export type Direction = 'down' | 'right';

/** Room between boxes of one rank, and between ranks. */
export const GAPS = { down: { between: 40, along: 56 }, right: { between: 36, along: 116 } } as const;
