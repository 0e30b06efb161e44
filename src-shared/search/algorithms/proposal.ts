import type { Point } from '../space.ts';

/** What an algorithm wants next. */
export type Proposal =
  | { kind: 'start'; point: Point; generation: number | null }
  /** A waiting trial goes on until the end of epoch `target`. */
  | { kind: 'promote'; trial: number; target: number }
  /** Nothing before one of the trials at work has come to its end. */
  | { kind: 'wait' }
  | { kind: 'end'; reason: string };
