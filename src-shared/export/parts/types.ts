import type { TargetId } from '../targets/types.ts';

/** A microcontroller that one can buy, with the memories that its data sheet names. */
export interface Part {
  /** Kept in the settings: a part's own, a bare core's, or `custom:…`. */
  id: string;
  title: string;
  target: TargetId;
  /** Bytes; null: no limit is known. */
  flash: number | null;
  ram: number | null;
  /** What one should know of its memories. */
  note?: string;
}
