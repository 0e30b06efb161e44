import { describe, expect, it } from 'vitest';
import { imageParts, kernelBytes, type ObjectRole } from '#shared/export/report/image-parts.ts';
import { parseLinkMap } from '#shared/export/report/link-map.ts';
import { sectionMemory } from '#shared/export/report/section-memory.ts';

const MAP = `
Discarded input sections

 .text          0x00000000        0x0 k.o
 .text.unused   0x00000000       0x58 k.o

Memory Configuration

Name             Origin             Length             Attributes
FLASH            0x00000000         0x00400000         xr

Linker script and memory map

LOAD k.o
LOAD w.o

.vectors        0x00000000       0x40
 *(.vectors)
 .vectors       0x00000000       0x40 s.o

.text           0x00000040       0x70
 *(.text .text.*)
 .text.k        0x00000040       0x20 k.o
                0x00000040                k
 .text.a_very_long_name_indeed
                0x00000060       0x1c k.o
                0x00000060                a_very_long_name_indeed
 .text.net_run  0x0000007c       0x10 n.o
                                 0x14 (size before relaxing)
 .text          0x0000008c       0x20 /lib/libgcc.a(_udivsi3.o)
 *fill*         0x000000ac        0x4 

.rodata         0x000000b0       0x34
 .rodata.net_w  0x000000b0       0x21 w.o
 *fill*         0x000000d1        0x3 
 .rodata.window
                0x000000d4       0x10 n.o
                0x000000e4                bs_data_load = LOADADDR (.data)

.data           0x20000000        0x4 load address 0x000000e4
                0x20000000                bs_data_begin = .
 .data.counter  0x20000000        0x4 n.o

.bss            0x20000010       0x90 load address 0x000000e8
 .bss.pointer   0x20000010        0x4 s.o
 *fill*         0x20000014        0xc 
 .bss.arena     0x20000020       0x80 s.o
OUTPUT(x.elf elf32-littlearm)

.ARM.attributes
                0x00000000       0x2e
 .ARM.attributes
                0x00000000       0x2e k.o
`;

describe('parseLinkMap', () => {
  const entries = parseLinkMap(MAP);
  it('reads what was placed, long names and alignment among it, and nothing that was discarded', () => {
    expect(entries.map(({ output, input, bytes, file }) => `${output} ${input} ${bytes} ${file}`)).toEqual([
      '.vectors .vectors 64 s.o',
      '.text .text.k 32 k.o',
      '.text .text.a_very_long_name_indeed 28 k.o',
      '.text .text.net_run 16 n.o',
      '.text .text 32 /lib/libgcc.a(_udivsi3.o)',
      '.text *fill* 4 ',
      '.rodata .rodata.net_w 33 w.o',
      '.rodata *fill* 3 ',
      '.rodata .rodata.window 16 n.o',
      '.data .data.counter 4 n.o',
      '.bss .bss.pointer 4 s.o',
      '.bss *fill* 12 ',
      '.bss .bss.arena 128 s.o',
      '.ARM.attributes .ARM.attributes 46 k.o',
    ]);
  });

  const roles: Record<string, ObjectRole> = {
    'k.o': 'kernels',
    'w.o': 'weights',
    'n.o': 'network',
    's.o': 'startup',
  };
  const linker = { flashBytes: 64 + 112 + 52 + 4, ramBytes: 4 + 144 };

  it('gives every byte to one part, and the parts add up to the linker’s totals', () => {
    const { flash, ram } = imageParts(entries, (file) => roles[file] ?? 'compiler', linker, '.bss.arena');
    expect(flash).toEqual({
      weights: 33,
      kernels: 60,
      networkCode: 16,
      networkConstants: 16 + 4,
      compiler: 32,
      startup: 64,
      padding: 7,
    });
    expect(ram).toEqual({ activations: 128, runtime: 8, padding: 12 });
    const sum = (parts: Record<string, number>) => Object.values(parts).reduce((a, b) => a + b, 0);
    expect(sum(flash)).toBe(linker.flashBytes);
    expect(sum(ram)).toBe(linker.ramBytes);
  });

  it('lists the kernels by size', () => {
    expect(kernelBytes(entries, (file) => (roles[file] === 'kernels' ? 'k' : null))).toEqual([
      { name: 'k', bytes: 60 },
    ]);
  });
});

describe('sectionMemory', () => {
  it.each([
    ['.text', 'flash'],
    ['.text.help', 'flash'],
    ['.rodata.str1.1', 'flash'],
    ['.data.rel.ro.local', 'flash'],
    ['.vectors', 'flash'],
    ['.data', 'both'],
    ['.sdata.x', 'both'],
    ['.bss', 'ram'],
    ['.sbss', 'ram'],
    ['.eh_frame', null],
    ['.debug_info', null],
    ['.comment', null],
  ])('%s is in %s', (section, memory) => expect(sectionMemory(section)).toBe(memory));
});
