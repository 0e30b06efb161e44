import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseManifest } from '#shared/export/emit/manifest.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { BundleReportSchema, type BundleReport, type MeasuredSizes } from '#shared/export/report/schema.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import { bundleSources, compileImage, platformFolder } from '#main/services/export/compile.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

const toolchain = createToolchain();
const here = async (...programs: Parameters<typeof toolchain.find>[0][]) =>
  (await Promise.all(programs.map((program) => toolchain.find(program)))).every(({ available }) => available);

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-measure-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

async function exported(target: 'cortex-m4' | 'rv32imc' | 'host', id = target as string): Promise<string> {
  const graph = smallNetwork();
  const { path: folder } = await writeBundle({
    graph,
    target,
    format: 'cmake',
    out: path.join(root, id),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(graph, 4),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    toolchain,
  });
  return folder;
}

const read = (folder: string, file: string) => fs.readFileSync(path.join(folder, file), 'utf8');
const reportOf = (folder: string): BundleReport =>
  BundleReportSchema.parse(JSON.parse(read(folder, 'report.json')));
const sum = (parts: Record<string, number>) => Object.values(parts).reduce((a, b) => a + b, 0);

/** Links the same program in one go and reads its sections: nothing is shared with what measures. */
function sizesByHand(
  folder: string,
  prefix: string,
  flags: readonly string[],
  board: string,
): [number, number] {
  const sources = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(src|runtime)\/.*\.c$/.test(file))
    // The linker shortens RISC-V calls by where things lie: the order counts.
    .sort()
    .concat([`platform/${board}/startup.c`, `platform/${board}/memory.c`, 'verify/footprint_main.c']);
  const run = (program: string, parameters: string[]) =>
    execFileSync(`${prefix}${program}`, parameters, { cwd: folder, encoding: 'utf8' });
  run('gcc', [
    ...flags,
    ...['-std=c99', '-O2', '-ffunction-sections', '-fdata-sections', '-fno-tree-loop-distribute-patterns'],
    ...['include', 'runtime/include', 'src', 'test', 'verify'].map((place) => `-I${place}`),
    ...sources,
    ...['-nostdlib', '-T', `platform/${board}/link.ld`, '-Wl,--gc-sections', '-lgcc', '-o', '../by-hand.elf'],
  ]);
  // Sections by name, as an ELF tool lists them; the board's room for the stack is in none of these.
  const listed = run('readelf', ['-SW', '../by-hand.elf']);
  const bytes = (name: string) =>
    parseInt(
      new RegExp(`\\] \\.${name}\\s+\\w+\\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) `).exec(listed)?.[1] ?? '0',
      16,
    );
  return [bytes('vectors') + bytes('text') + bytes('rodata') + bytes('data'), bytes('data') + bytes('bss')];
}

const TARGETS = [
  ['cortex-m4', 'arm-none-eabi-', 'mps2-an386', await here('arm-none-eabi-gcc')],
  ['rv32imc', 'riscv64-unknown-elf-', 'virt-rv32', await here('riscv64-unknown-elf-gcc')],
] as const;

describe.each(TARGETS)('the report of a bundle for %s', (target, prefix, board, available) => {
  const why = available ? '' : ` (skipped: ${prefix}gcc is not installed)`;
  let folder: string;
  let sizes: MeasuredSizes;
  beforeAll(async () => {
    if (!available) return;
    folder = await exported(target);
    sizes = reportOf(folder).measured as MeasuredSizes;
  });

  it.skipIf(!available)(`has parts that add up to what the linker says${why}`, () => {
    const [flash, ram] = sizesByHand(folder, prefix, targetOf(target).flags, board);
    expect([sizes.flashBytes, sizes.ramBytes]).toEqual([flash, ram]);
    expect(sum(sizes.flash)).toBe(flash);
    expect(sum(sizes.ram)).toBe(ram);
    expect(
      sizes.sections.filter(({ memory }) => memory !== 'ram').reduce((a, { bytes }) => a + bytes, 0),
    ).toBe(flash);
    // What is left over is alignment: less than four bytes for each table.
    expect(sizes.flash.padding).toBeGreaterThanOrEqual(0);
    expect(sizes.flash.padding).toBeLessThan(64);
    expect(sizes.ram.padding).toBeLessThan(16);
  });

  it.skipIf(!available)(`counts weights, arena and kernels byte by byte${why}`, () => {
    const manifest = parseManifest(read(folder, 'manifest.json'), 'the manifest');
    expect(sizes.flash.weights).toBe(manifest.weightBytes);
    expect(sizes.ram.activations).toBe(manifest.arenaBytes);
    expect(sizes.kernels.reduce((a, { bytes }) => a + bytes, 0)).toBe(sizes.flash.kernels);
    const report = reportOf(folder);
    const tables = report.layers.reduce(
      (a, layer) => a + layer.weightBytes + (layer.thresholdBytes ?? NaN),
      0,
    );
    expect(tables).toBe(manifest.weightBytes);
    const called = new Set(report.layers.flatMap((layer) => layer.kernel.split(' + ')));
    for (const kernel of called) expect(sizes.kernels.map(({ name }) => name)).toContain(kernel);
  });

  it.skipIf(!available || target !== 'cortex-m4')(`is the same for the same export${why}`, async () => {
    const again = await exported(target, `${target}-again`);
    for (const file of ['report.json', 'report.html', 'README.md', 'SHA256SUMS']) {
      expect(read(again, file)).toBe(read(folder, file));
    }
    expect(read(folder, 'README.md')).toContain(`${sizes.flashBytes.toLocaleString('en')} bytes`);
  });
});

/** Paints the stack below itself, runs the network, and prints how far the paint is gone. */
const PAINT_MAIN = `
#include "network.h"
#include "port.h"
#define PAINTED 16384U
static uint8_t sample[NETWORK_INPUT_BYTES];
static int32_t logits[NETWORK_CLASSES];
static NETWORK_ARENA(arena);
extern uint8_t *paint_address(void);
__attribute__((noinline)) uint8_t *paint_address(void)
{
    return (uint8_t *)__builtin_frame_address(0);
}
int main(void)
{
    uint8_t *const top = paint_address() - 64;
    volatile uint8_t *at;
    uint32_t used;
    uint32_t digit;
    char text[12];
    for (at = top - PAINTED; at != top; at++) {
        *at = 0xA5U;
    }
    if (network_run(sample, logits, arena, sizeof arena) != BS_OK) {
        port_exit(3);
    }
    at = top - PAINTED;
    while (at != top && *at == 0xA5U) {
        at++;
    }
    used = (uint32_t)(top - at) + 64U;
    for (digit = 0; digit < 10U; digit++) {
        text[9U - digit] = (char)('0' + (int)(used % 10U));
        used /= 10U;
    }
    text[10] = '\\n';
    text[11] = 0;
    port_print(text);
    port_exit(0);
    return 0;
}
`;

const emulated = await here('arm-none-eabi-gcc', 'qemu-system-arm');
const why = emulated ? '' : ' (skipped: needs arm-none-eabi-gcc and qemu-system-arm)';
describe.skipIf(!emulated)(`the stack estimate${why}`, () => {
  it('covers the stack that the network takes on an emulated Cortex-M4, and little more', async () => {
    const folder = path.join(root, 'cortex-m4');
    if (!fs.existsSync(folder)) await exported('cortex-m4');
    const target = targetOf('cortex-m4');
    const { machine } = target;
    if (!machine) throw new Error('no board');
    const { identifier } = parseManifest(read(folder, 'manifest.json'), 'the manifest');
    const bundle = bundleSources(folder, identifier, formatOf('cmake').layout);
    const main = path.join(root, 'paint.c');
    fs.writeFileSync(main, PAINT_MAIN);
    const image = path.join(root, 'paint.elf');
    const compiler = await toolchain.find('arm-none-eabi-gcc');
    const emulator = await toolchain.find('qemu-system-arm');
    if (!compiler.available || !emulator.available) throw new Error('no toolchain');
    await compileImage(bundle, target, {
      compiler: compiler.path,
      mains: [main],
      platform: platformFolder(bundle, machine, readRuntimeLibrary(RESOURCES), root),
      port: true,
      output: image,
    });
    const semihosting = ['-semihosting-config', 'enable=on,target=native', '-kernel', image];
    const { stdout, stderr } = spawnSync(
      emulator.path,
      [...machine.arguments, '-nographic', '-monitor', 'none', '-serial', 'none', ...semihosting],
      { encoding: 'utf8', timeout: 60_000 },
    );
    const used = Number(/\d{10}/.exec(stdout + stderr)?.[0]);
    const { stack } = reportOf(folder).measured as MeasuredSizes;
    expect(stack).toMatchObject({ recursion: [], unbounded: [], unknown: [] });
    expect(used).toBeGreaterThan(100);
    // The frame of main between the mark and the call is not the network's.
    expect(used).toBeLessThanOrEqual((stack?.bytes ?? 0) + 64);
    expect(used).toBeGreaterThan((stack?.bytes ?? 0) / 2);
  });
});

const gcc = await here('gcc');
describe.skipIf(!gcc)(`the report of a bundle for this computer${gcc ? '' : ' (skipped: needs gcc)'}`, () => {
  it('measures the library and its arena, and finds a bound for its stack', async () => {
    const { measured, columns } = reportOf(await exported('host'));
    expect(measured?.flash).toMatchObject({ startup: 0 });
    expect(sum(measured?.flash ?? {})).toBe(measured?.flashBytes);
    expect(columns.activationRam).toBe(measured?.ramBytes);
    expect(measured?.stack?.bytes).toBeGreaterThan(0);
  });
});
