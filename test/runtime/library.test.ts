import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { TARGETS } from '#shared/export/targets/index.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES } from '#test/support/firmware.ts';

const root = path.join(RESOURCES, 'runtime');
const sources = fs.readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
const kernels = sources.filter((file) => file.endsWith('.c'));
const privateHeaders = sources.filter((file) => file.endsWith('.h')).map((file) => `src/${file}`);
const publicHeaders = fs.readdirSync(path.join(root, 'include')).map((file) => `include/${file}`);
const text = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\//g, '');

describe('the runtime library', () => {
  it('has one public function per file, named after it, and declares it', () => {
    const header = publicHeaders.map(text).join('\n');
    for (const file of kernels) {
      const name = path.basename(file, '.c');
      const defined = [...withoutComments(text(`src/${file}`)).matchAll(/^(?:bs_status|void|u?int32_t) (bs_\w+)\(/gm)];
      expect(defined.map((match) => match[1]), file).toEqual([name]);
      expect(header, name).toMatch(new RegExp(`\\b${name}\\(`));
    }
  });

  it('declares nothing that does not exist', () => {
    const headers = publicHeaders.map((file) => withoutComments(text(file))).join('\n');
    const declared = [...headers.matchAll(/^(?:bs_status|void|u?int32_t) (bs_\w+)\(/gm)];
    const names = declared.map((match) => match[1]).toSorted();
    expect(names).toEqual(kernels.map((file) => path.basename(file, '.c')).toSorted());
  });

  it('uses no heap, no floating point, no variable of its own and no library but memcpy and memset', () => {
    for (const file of [...kernels.map((kernel) => `src/${kernel}`), ...privateHeaders, ...publicHeaders]) {
      const source = withoutComments(text(file));
      expect(source, file).not.toMatch(/\b(malloc|calloc|realloc|free|alloca|float|double|printf)\b/);
      const includes = [...source.matchAll(/#include\s+(\S+)/g)].map((match) => match[1]);
      for (const name of includes) {
        const own = [...privateHeaders, ...publicHeaders].map((header) => `"${path.basename(header)}"`);
        // The compiler's own header of Helium intrinsics is no library.
        const allowed = ['"../internal.h"', ...own, '<string.h>', '<stddef.h>', '<stdint.h>', '<arm_mve.h>'];
        expect(allowed, file).toContain(name);
      }
      expect(source, file).not.toMatch(/^static (?!inline\b|const\b)[^(]*[=;]/m);
      const calls = [...source.matchAll(/\b(mem\w+|str\w+)\s*\(/g)].map((match) => match[1]);
      for (const call of calls) expect(['memcpy', 'memset'], file).toContain(call);
    }
  });
});

const toolchain = createToolchain();
const found = await Promise.all(
  (['gcc', 'clang', 'arm-none-eabi-gcc', 'riscv64-unknown-elf-gcc'] as const).map((id) => toolchain.find(id)),
);
for (const compiler of found) {
  const targets = TARGETS.filter((target) => target.compiler === (compiler.id === 'clang' ? 'gcc' : compiler.id));
  describe.skipIf(!compiler.available)(`the runtime library with ${compiler.id}${compiler.available ? '' : ' (not installed)'}`, () => {
    it.each(targets.map((target) => target.id))('compiles for %s without a warning', (id) => {
      const flags = targets.find((target) => target.id === id)?.flags ?? [];
      const files = kernels.map((file) => `src/${file}`);
      const run = () =>
        execFileSync(
          compiler.available ? compiler.path : '',
          [...COMPILE_FLAGS, '-Wcast-align', ...flags, '-Iinclude', '-fsyntax-only', ...files],
          { cwd: root, stdio: 'pipe' },
        );
      expect(run).not.toThrow();
    });
  });
}
