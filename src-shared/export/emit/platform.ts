import type { Machine, Region } from '../targets/types.ts';
import { banner } from './c-text.ts';
import { runtimeFile } from './runtime-files.ts';
import type { BundleFile } from './types.ts';

/** `platform/<machine>/`: start-up code, linker script, semihosting; bare metal without a C library. */
export function platformFiles(machine: Machine, runtime: readonly BundleFile[]): BundleFile[] {
  const folder = `platform/${machine.id}`;
  const copy = (from: string): BundleFile => ({
    path: `${folder}/${from.slice(from.lastIndexOf('/') + 1)}`,
    content: runtimeFile(runtime, from).content,
  });
  return [
    copy(`platform/${machine.family}/startup.c`),
    copy(`platform/${machine.family}/port_semihosting.c`),
    copy('platform/memory.c'),
    { path: `${folder}/link.ld`, content: linkScript(machine) },
  ];
}

/** What must be left of RAM for the stack; an image that leaves less does not link. */
const STACK_BYTES = 2048;

/** Code and constants in flash, data and stack in RAM; the stack grows down from the end of RAM. */
export function linkScript(machine: Machine): string {
  const region = ({ origin, length }: Region) =>
    `ORIGIN = 0x${origin.toString(16)}, LENGTH = ${length / 1024}K`;
  return (
    banner(`Memory of ${machine.id}, as QEMU emulates it.`, []) +
    `MEMORY
{
    FLASH (rx) : ${region(machine.flash)}
    RAM (rwx) : ${region(machine.ram)}
}

SECTIONS
{
    .vectors : { KEEP(*(.vectors)) } > FLASH
    .text : { *(.text .text.*) } > FLASH
    .rodata : { *(.rodata .rodata.* .srodata .srodata.*) . = ALIGN(4); } > FLASH
    bs_data_load = LOADADDR(.data);
    .data : ALIGN(16) {
        bs_data_begin = .;
        PROVIDE(__global_pointer$ = . + 0x800);
        *(.data .data.* .sdata .sdata.*)
        . = ALIGN(4);
        bs_data_end = .;
    } > RAM AT > FLASH
    .bss (NOLOAD) : ALIGN(16) {
        bs_bss_begin = .;
        *(.bss .bss.* .sbss .sbss.* COMMON)
        . = ALIGN(4);
        bs_bss_end = .;
    } > RAM
    .stack (NOLOAD) : ALIGN(16) { . = . + ${STACK_BYTES}; } > RAM
    bs_stack_top = ORIGIN(RAM) + LENGTH(RAM);
    /DISCARD/ : { *(.ARM.exidx* .ARM.extab* .comment .note*) }
}
`
  );
}
