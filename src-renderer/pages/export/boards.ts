import { TARGETS } from '#shared/export/targets/index.ts';
import type { Machine } from '#shared/export/targets/types.ts';
import { bytes } from '../../components/base/format.ts';
import type { TargetId } from './choices.ts';

/** Memory that a bundle has to fit into. */
export interface Board {
  id: string;
  title: string;
  flash: number;
  ram: number;
  /** Code and data are in one memory of `flash` bytes. */
  shared: boolean;
}

/** Id of the board whose memory a person types in. */
export const OWN_BOARD = 'own';

/** The emulated boards of a target, the one with the truest memory first; none for computers. */
export function boardsOf(target: TargetId): Board[] {
  const found = TARGETS.find(({ id }) => id === target);
  return [found?.exactMachine, found?.machine].filter((machine) => machine !== undefined).map(boardOf);
}

function boardOf({ id, flash, ram }: Machine): Board {
  const shared = flash.origin === ram.origin;
  const memory = shared
    ? `${bytes(flash.length)} for both`
    : `${bytes(flash.length)} flash, ${bytes(ram.length)} RAM`;
  return { id, title: `${id} (emulated): ${memory}`, flash: flash.length, ram: ram.length, shared };
}

/** A board of as many KiB; undefined where one of them is no positive number. */
export function ownBoard(flashKib: unknown, ramKib: unknown): Board | undefined {
  if (!isSize(flashKib) || !isSize(ramKib)) return undefined;
  return {
    id: OWN_BOARD,
    title: 'Your own board',
    flash: Math.round(flashKib * 1024),
    ram: Math.round(ramKib * 1024),
    shared: false,
  };
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

export interface Fit {
  used: number;
  room: number;
  /** `used` of `room`; above 1 where it does not fit. */
  share: number;
  fits: boolean;
}

export function fitOf(used: number, room: number): Fit {
  return { used, room, share: used / room, fits: used <= room };
}
