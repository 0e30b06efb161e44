import { describe, expect, it } from 'vitest';
import { addressTaken } from '#shared/export/report/address-taken.ts';
import { callsThroughPointers, parseCallGraphs } from '#shared/export/report/call-graph.ts';
import { estimateStack } from '#shared/export/report/stack-estimate.ts';

const node = (title: string, bytes: number, kind = 'static') =>
  `node: { title: "${title}" label: "${title.replace(/^.*:/, '')}\\na.c:1:1\\n${bytes} bytes (${kind})" }\n`;
const outside = (title: string) =>
  `node: { title: "${title}" label: "${title}\\nb.h:1:1" shape : ellipse }\n`;
const edge = (from: string, to: string) =>
  `edge: { sourcename: "${from}" targetname: "${to}" label: "a.c:2:2" }\n`;
const graph = (...lines: string[]) => `graph: { title: "a.c"\n${lines.join('')}}\n`;

/** run 40 → conv 72 → (a.c:help 8, or a pointer), run → pool 90; deep 100 is elsewhere. */
const NETWORK = graph(node('run', 40), outside('conv'), edge('run', 'conv'), edge('run', 'pool'));
const KERNELS = graph(
  node('conv', 72),
  node('a.c:help', 8),
  node('pool', 90),
  node('short', 16),
  node('deep', 100),
  edge('conv', 'a.c:help'),
);
const POINTER = graph(edge('conv', '__indirect_call'));

describe('estimateStack', () => {
  it('is the largest sum along a chain of calls', () => {
    const stack = estimateStack(parseCallGraphs([NETWORK, KERNELS]), 'run', new Set());
    expect(stack).toEqual({
      bytes: 40 + 90,
      path: [
        { function: 'run', bytes: 40 },
        { function: 'pool', bytes: 90 },
      ],
      indirect: [],
      recursion: [],
      unbounded: [],
      unknown: [],
    });
  });

  it('takes a call through a pointer for the deepest function that it may reach', () => {
    const calls = parseCallGraphs([NETWORK, KERNELS, POINTER]);
    expect(callsThroughPointers(calls, 'run')).toBe(true);
    expect(callsThroughPointers(calls, 'pool')).toBe(false);
    const stack = estimateStack(calls, 'run', new Set(['short', 'help']));
    expect(stack).toMatchObject({ bytes: 40 + 90, indirect: ['help', 'short'] });
    const deeper = estimateStack(calls, 'run', new Set(['short', 'deep']));
    expect(deeper).toMatchObject({ bytes: 40 + 72 + 100, indirect: ['deep', 'short'] });
    expect(deeper.path.map((one) => one.function)).toEqual(['run', 'conv', 'deep']);
  });

  it('has no bound for a pointer of which nothing is known, for recursion, and for frames of variable length', () => {
    const unknown = estimateStack(parseCallGraphs([NETWORK, KERNELS, POINTER]), 'run', new Set());
    expect(unknown).toMatchObject({ bytes: null, unbounded: ['a call through a pointer'] });
    const again = parseCallGraphs([NETWORK, KERNELS, graph(edge('a.c:help', 'conv'))]);
    expect(estimateStack(again, 'run', new Set())).toMatchObject({ bytes: null, recursion: ['conv'] });
    const variable = parseCallGraphs([NETWORK, graph(node('conv', 16, 'dynamic'), node('pool', 1))]);
    expect(estimateStack(variable, 'run', new Set())).toMatchObject({ bytes: null, unbounded: ['conv'] });
    const bounded = parseCallGraphs([NETWORK, graph(node('conv', 16, 'dynamic,bounded'), node('pool', 1))]);
    expect(estimateStack(bounded, 'run', new Set())).toMatchObject({ bytes: 56, unbounded: [] });
  });

  it('names functions whose stack nobody tells', () => {
    const stack = estimateStack(
      parseCallGraphs([NETWORK, KERNELS, graph(edge('pool', '__aeabi_uidiv'))]),
      'run',
      new Set(),
    );
    expect(stack).toMatchObject({ bytes: 130, unknown: ['__aeabi_uidiv'] });
  });
});

describe('addressTaken', () => {
  it('finds pointers in tables and in code, and leaves calls out', () => {
    const relocations = `
n.o:     file format elf32-littlearm

RELOCATION RECORDS FOR [.text.net_run]:
OFFSET   TYPE              VALUE
0000006a R_ARM_THM_CALL    bs_pad_u8

RELOCATION RECORDS FOR [.rodata.weights]:
OFFSET   TYPE              VALUE
00000008 R_ARM_ABS32       bs_decode_delta
0000000c R_ARM_ABS32       .rodata.table
00000010 R_ARM_ABS32       .text.help
00000014 R_ARM_ABS32       .text.switch+0x0000001c

RELOCATION RECORDS FOR [.debug_info]:
00000010 R_ARM_ABS32       debugged
`;
    const disassembly = `
Disassembly of section .text.net_run:

00000000 <net_run>:
   0:\tf7ff fffe \tbl\t0 <bs_pad_u8>
\t\t\t0: R_ARM_THM_CALL\tbs_pad_u8
   4:\t00000000 \t.word\t0x00000000
\t\t\t4: R_ARM_ABS32\tbs_fill
`;
    expect([...addressTaken(relocations, disassembly)].sort()).toEqual([
      'bs_decode_delta',
      'bs_fill',
      'help',
    ]);
  });

  it('tells calls from addresses by the instruction where the relocation is the same (x86)', () => {
    const disassembly = `
0000000000000000 <f>:
   0:\te8 00 00 00 00       \tcall   5 <f+0x5>
\t\t\t1: R_X86_64_PC32\t.text.called-0x4
   5:\t48 8d 3d 00 00 00 00 \tlea    0x0(%rip),%rdi        # c <f+0xc>
\t\t\t8: R_X86_64_PC32\t.text.pointed-0x4
   c:\te9 00 00 00 00       \tjmp    11 <f+0x11>
\t\t\td: R_X86_64_PLT32\tother-0x4
`;
    expect([...addressTaken('', disassembly)]).toEqual(['pointed']);
  });
});
