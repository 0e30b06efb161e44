import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createToolchain, parseSizes, parseVersion, runProgram } from '#main/toolchain/index.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-tools-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function fakeProgram(name: string, body: string): void {
  fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

describe('the toolchain', () => {
  it('finds a program and its version', async () => {
    fakeProgram('gcc', 'echo "gcc (Debian 12.2.0-14+deb12u1) 12.2.0"');
    expect(await createToolchain([folder]).find('gcc')).toEqual({
      id: 'gcc',
      available: true,
      path: path.join(folder, 'gcc'),
      version: '12.2.0',
      title: 'gcc 12.2.0',
      remedy: null,
    });
  });

  it('says how to get what is missing', async () => {
    const found = await createToolchain([folder]).find('arm-none-eabi-gcc');
    expect(found).toEqual({
      id: 'arm-none-eabi-gcc',
      available: false,
      title: 'arm-none-eabi-gcc',
      remedy: 'apt install gcc-arm-none-eabi libnewlib-arm-none-eabi',
    });
  });

  it('does not offer a program that cannot run, or a file that is none', async () => {
    fakeProgram('gcc', 'exit 1');
    fs.writeFileSync(path.join(folder, 'clang'), 'text', { mode: 0o644 });
    const toolchain = createToolchain([folder]);
    expect((await toolchain.find('gcc')).available).toBe(false);
    expect((await toolchain.find('clang')).available).toBe(false);
  });

  it('remembers, until told to look again', async () => {
    const toolchain = createToolchain([folder]);
    expect((await toolchain.find('gcc')).available).toBe(false);
    fakeProgram('gcc', 'echo "gcc 13.1.0"');
    expect((await toolchain.find('gcc')).available).toBe(false);
    toolchain.forget();
    expect((await toolchain.find('gcc')).available).toBe(true);
  });

  it.each([
    ['gcc (Debian 12.2.0-14) 12.2.0\nCopyright', '12.2.0'],
    ['arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205', '12.2.1'],
    ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)', '7.2.22'],
    ['Debian clang version 14.0.6', '14.0.6'],
    ['no number', 'no number'],
  ])('reads the version of %j', (text, version) => expect(parseVersion(text)).toBe(version));
});

describe('runProgram', () => {
  it('gives status and both outputs', async () => {
    fakeProgram('p', 'echo out; echo err >&2; exit 3');
    expect(await runProgram(path.join(folder, 'p'), [])).toEqual({
      status: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('passes arguments without a shell', async () => {
    fakeProgram('p', 'printf "%s|" "$@"');
    const { stdout } = await runProgram(path.join(folder, 'p'), ['a b', '$(id)', ';']);
    expect(stdout).toBe('a b|$(id)|;|');
  });

  it('ends a program that takes too long, or is cancelled', async () => {
    fakeProgram('p', 'exec sleep 60');
    const program = path.join(folder, 'p');
    await expect(runProgram(program, [], { timeoutMs: 50 })).rejects.toMatchObject({ code: 'job-failed' });
    const abort = new AbortController();
    const running = runProgram(program, [], { signal: abort.signal });
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(runProgram(program, [], { signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('says that a program is not there', async () => {
    await expect(runProgram(path.join(folder, 'none'), [])).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('parseSizes', () => {
  it('counts code, constants and initialised data as flash, data and zeroed data as RAM', () => {
    const text = `image.elf  :
section            size        addr
.vectors             64           0
.text              4000          64
.text.startup       100        4064
.rodata            6488        4164
.data                32   536870912
.bss               1056   536870944
.ARM.attributes      46           0
.debug_line         160           0
Total             11946
`;
    expect(parseSizes(text)).toEqual({ flashBytes: 64 + 4000 + 100 + 6488 + 32, ramBytes: 32 + 1056 });
  });
});
