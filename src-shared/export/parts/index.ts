import { BitsmithError } from '../../base/errors.ts';
import { TARGETS } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';
import type { Part } from './types.ts';

export type { Part } from './types.ts';

const KB = 1024;

function part(
  title: string,
  target: TargetId,
  flash: number | null,
  ram: number | null,
  note?: string,
): Part {
  const id = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return {
    id,
    title,
    target,
    flash: flash === null ? null : flash * KB,
    ram: ram === null ? null : ram * KB,
    ...(note ? { note } : {}),
  };
}

/** Common parts of every core, small ones first; kilobytes as in their data sheets. A new one: one line. */
export const PARTS: readonly Part[] = [
  part('STM32F030F4', 'cortex-m0', 16, 4),
  part('STM32F072RB', 'cortex-m0', 128, 16),
  part('nRF51822 xxAC', 'cortex-m0', 256, 32),
  part('STM32L031K6', 'cortex-m0plus', 32, 8),
  part('STM32G031K8', 'cortex-m0plus', 64, 8),
  part('ATSAMD21G18', 'cortex-m0plus', 256, 32),
  part('RP2040', 'cortex-m0plus', 2048, 264, 'flash is outside the chip: 2 MB on a Raspberry Pi Pico'),
  part('STM32F103C8', 'cortex-m3', 64, 20),
  part('STM32L152RE', 'cortex-m3', 512, 80),
  part('STM32G431CB', 'cortex-m4', 128, 32),
  part('STM32L432KC', 'cortex-m4', 256, 64),
  part('STM32F401RE', 'cortex-m4', 512, 96),
  part('nRF52832', 'cortex-m4', 512, 64),
  part('nRF52840', 'cortex-m4', 1024, 256),
  part('STM32F746NG', 'cortex-m7', 1024, 320),
  part('STM32H743ZI', 'cortex-m7', 2048, 512, 'the largest of its memories: 512 KB of AXI SRAM'),
  part('STM32L552ZE', 'cortex-m33', 512, 256),
  part('nRF5340', 'cortex-m33', 1024, 512, 'the application core'),
  part('RP2350', 'cortex-m33', 4096, 520, 'flash is outside the chip: 4 MB on a Raspberry Pi Pico 2'),
  part('CH32V203C8', 'rv32imc', 64, 20),
  part('GD32VF103CB', 'rv32imc', 128, 32),
  part('ESP32-C3', 'rv32imc', 4096, 400, 'flash of 4 MB in the package; the system takes a part of the RAM'),
];

/** A core without a chip around it: bytes are shown, and nothing is too large. */
const BARE: readonly Part[] = TARGETS.map(({ id, title }) => ({
  id,
  title: `${title}, no budget`,
  target: id,
  flash: null,
  ram: null,
}));

/** Every choice but memories of one's own. */
export const ALL_PARTS: readonly Part[] = [...PARTS, ...BARE];

/**
 * The part of an id: of `ALL_PARTS`, or memories of one's own, `custom:<core>:<bytes of flash>:<bytes of RAM>`.
 *
 * @throws BitsmithError `invalid-input` for anything else
 */
export function partOf(id: string): Part {
  const known = ALL_PARTS.find((candidate) => candidate.id === id) ?? customPart(id);
  if (known) return known;
  throw new BitsmithError(
    'invalid-input',
    `there is no microcontroller "${id}"; there are ${ALL_PARTS.map((one) => one.id).join(', ')}, and custom:<core>:<bytes of flash>:<bytes of RAM>`,
  );
}

/** The id of memories of one's own. */
export function customPartId(target: TargetId, flash: number, ram: number): string {
  return `custom:${target}:${flash}:${ram}`;
}

function customPart(id: string): Part | undefined {
  const [, core, flash, ram] = /^custom:([a-z0-9-]+):(\d{1,10}):(\d{1,10})$/.exec(id) ?? [];
  const target = TARGETS.find((candidate) => candidate.id === core);
  if (!target) return undefined;
  return {
    id,
    title: `${target.title}, own budget`,
    target: target.id,
    flash: Number(flash),
    ram: Number(ram),
  };
}
