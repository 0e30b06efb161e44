import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

const toolchain = createToolchain();
const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const host = (await toolchain.find('gcc')).available && has('make');
const arm =
  host &&
  (await toolchain.find('arm-none-eabi-gcc')).available &&
  (await toolchain.find('qemu-system-arm')).available;

let folder = '';
let bundle = '';
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-builds-'));
  const network = smallNetwork();
  const facts = await writeBundle({
    graph: network,
    target: 'cortex-m4',
    format: 'cmake',
    out: path.join(folder, 'bundle'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(network, 5),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    toolchain: createToolchain([]),
  });
  bundle = facts.path;
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const make = (parameters: string[], cwd = bundle) =>
  spawnSync('make', ['CC=gcc', ...parameters], { cwd, encoding: 'utf8', timeout: 100_000 });

describe.skipIf(!host)('a bundle by itself (needs gcc and make)', () => {
  it('passes its self test', () => {
    const { status, stdout } = make(['check', `BUILD=${folder}/check`]);
    expect(stdout).toContain('PASS');
    expect(status).toBe(0);
  });

  /** A copy with one file changed, and what its self test says. */
  function checkDamaged(file: string, change: (text: string) => string) {
    const copy = fs.mkdtempSync(path.join(folder, 'damaged-'));
    fs.cpSync(bundle, copy, { recursive: true });
    const text = fs.readFileSync(path.join(copy, file), 'utf8');
    const damaged = change(text);
    expect(damaged).not.toBe(text);
    fs.writeFileSync(path.join(copy, file), damaged);
    return make(['check'], copy);
  }

  it('says which table is corrupt, before anything is computed with it', () => {
    let table = '';
    const { status, stdout } = checkDamaged('src/small_net_weights.c', (text) => {
      table = /const \w+ small_net_(act2_\w+)\[\d+\] = /.exec(text)?.[1] ?? '';
      return text.replace(
        new RegExp(`(small_net_${table}\\[\\d+\\] = \\{\\s+)(0x[0-9A-F]+U|-?\\d+)`),
        '$17',
      );
    });
    expect(stdout).toContain(`FAIL: corrupt table ${table}`);
    expect(status).not.toBe(0);
  });

  it('says which layer is the first that differs', () => {
    const { status, stdout } = checkDamaged('test/vectors.c', (text) =>
      text.replace(/(golden_crcs\[\d\]\[NETWORK_LAYERS\] = \{\s+\{0x[0-9A-F]{8}U, 0x)[0-9A-F]{8}/, '$112345678'),
    );
    const second = (JSON.parse(fs.readFileSync(path.join(bundle, 'manifest.json'), 'utf8')) as {
      layers: { id: string }[];
    }).layers[1]?.id;
    expect(stdout).toContain(`FAIL: first difference in layer ${second}`);
    expect(status).not.toBe(0);
  });

  it('answers wrong arguments with a status and writes nothing', () => {
    const main = path.join(folder, 'arguments.c');
    fs.writeFileSync(
      main,
      `#include <stdio.h>
#include "small_net.h"
static uint8_t memory[SMALL_NET_ARENA_BYTES + 16] __attribute__((aligned(16)));
int main(void)
{
    static const uint8_t sample[SMALL_NET_INPUT_BYTES];
    int32_t logits[SMALL_NET_CLASSES] = {77};
    printf("%d", (int)small_net_run(NULL, logits, memory, sizeof memory));
    printf("%d", (int)small_net_run(sample, NULL, memory, sizeof memory));
    printf("%d", (int)small_net_run(sample, logits, NULL, sizeof memory));
    printf("%d", (int)small_net_run(sample, logits, memory, SMALL_NET_ARENA_BYTES - 1));
    printf("%d", (int)small_net_run(sample, logits, memory + 4, SMALL_NET_ARENA_BYTES));
    printf(" %d", (int)logits[0]);
    printf(" %d", (int)small_net_run(sample, logits, memory, SMALL_NET_ARENA_BYTES));
    return 0;
}
`,
    );
    const sources = fs
      .readdirSync(bundle, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^(src|runtime)[/\\].*\.c$/.test(file));
    const program = path.join(folder, 'arguments');
    execFileSync(
      'gcc',
      ['-std=c99', '-Iinclude', '-Isrc', '-Iruntime/include', ...sources, main, '-o', program],
      {
        cwd: bundle,
        stdio: 'pipe',
      },
    );
    expect(execFileSync(program, { encoding: 'utf8' })).toBe('11123 77 0');
  });

  it.skipIf(!has('cmake'))('builds and tests with CMake (needs cmake)', () => {
    const build = path.join(folder, 'cmake');
    const run = (program: string, parameters: string[]) =>
      execFileSync(program, parameters, { cwd: bundle, encoding: 'utf8', stdio: 'pipe', timeout: 100_000 });
    run('cmake', ['-B', build, '-DCMAKE_C_COMPILER=gcc']);
    run('cmake', ['--build', build]);
    expect(run('ctest', ['--test-dir', build])).toContain('100% tests passed');
  });
});

describe.skipIf(!arm)('a bundle on its board (needs arm-none-eabi-gcc and qemu-system-arm)', () => {
  it('passes its self test under QEMU by `make qemu`', () => {
    const { status, stdout, stderr } = make(['qemu', `BUILD=${folder}/qemu`]);
    expect(stdout + stderr).toContain('PASS');
    expect(status).toBe(0);
  });
});
