import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { inputFeature, quantizer } from '#shared/dataset/features.ts';
import { inputMapFiles, inputMapText } from '#shared/export/emit/input-map.ts';
import type { Emission } from '#shared/export/emit/types.ts';

const features = [inputFeature('x', -1.7, 2.31), inputFeature('t | C', -40, 85), inputFeature('c', 3, 3)];
const emission = { name: 'net', upper: 'NET', provenance: { features } } as unknown as Emission;

it('writes nothing where raw values are bytes', () => {
  const plain = { name: 'net', upper: 'NET', provenance: {} } as unknown as Emission;
  expect([inputMapFiles(plain), inputMapText(plain)]).toEqual([[], '']);
});

it('gives the firmware the bytes that the data set has, for every compiler setting', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-input-'));
  try {
    for (const { path: file, content } of inputMapFiles(emission)) {
      fs.writeFileSync(path.join(folder, path.basename(file)), content);
    }
    fs.writeFileSync(path.join(folder, 'net.h'), '#include <stdint.h>\n#define NET_INPUT_BYTES 3U\n');
    const main =
      '#include <stdio.h>\n#include "net_input.h"\nint main(void) { float v[3]; uint8_t b[3];\n' +
      'while (fread(v, sizeof v, 1, stdin) == 1) { net_input_bytes(v, b); fwrite(b, 1, 3, stdout); } return 0; }\n';
    fs.writeFileSync(path.join(folder, 'main.c'), main);
    const values = Float32Array.from({ length: 30_000 }, (_, i) => {
      const { minimum, maximum } = features[i % 3]!;
      return (
        minimum + (((i * 7919) % 30_000) / 30_000) * 1.2 * (maximum - minimum) - 0.1 * (maximum - minimum)
      );
    });
    const expected = Uint8Array.from(values, (value, i) => quantizer(features[i % 3]!)(value));
    for (const flags of [
      ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror'],
      ['-std=gnu11', '-O3', '-march=native'],
    ]) {
      execFileSync('gcc', [...flags, 'main.c', '-o', 'map'], { cwd: folder });
      const found = execFileSync(path.join(folder, 'map'), {
        input: Buffer.from(values.buffer),
        maxBuffer: 1 << 20,
      });
      expect(new Uint8Array(found)).toEqual(expected);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
