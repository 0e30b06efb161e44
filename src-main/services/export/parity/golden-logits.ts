import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { guardFiles } from '#main/platform/files.ts';

/**
 * The reference's logits of a bundle's golden samples, as `vectors.c` has them: the example classifies the first one.
 *
 * @throws BitsmithError `corrupt` where the bundle has no such file, or none with logits
 */
export function goldenLogits(bundleFolder: string): number[][] {
  const found = guardFiles(`cannot read the bundle ${bundleFolder}`, () =>
    fs
      .readdirSync(bundleFolder, { recursive: true, encoding: 'utf8' })
      .find((file) => path.basename(file) === 'vectors.c'),
  );
  const text = found === undefined ? '' : fs.readFileSync(path.join(bundleFolder, found), 'utf8');
  const table = /golden_logits\[\d+\]\[\w+\] = \{([\s\S]*?)\n\};/.exec(text)?.[1];
  if (table === undefined)
    throw new BitsmithError(
      'corrupt',
      `${bundleFolder} has no vectors.c with the logits of its golden samples`,
    );
  return [...table.matchAll(/\{([^{}]*)\}/g)].map(([, row = '']) => integersOf(row));
}

/** The most negative number stands there as `(-2147483647 - 1)`. */
function integersOf(row: string): number[] {
  const plain = row.replaceAll('(-2147483647 - 1)', '-2147483648');
  return plain
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(Number);
}
