import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { emitBundle } from '#shared/export/emit/bundle.ts';
import type { BundleFile } from '#shared/export/emit/types.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import { sha256 } from '#main/platform/files.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { RESOURCES, smallNetwork } from './firmware.ts';
import { samplesFor, TEST_PROVENANCE } from './graphs.ts';

/** Bundles of one small network in any format, and what checkers of their specifications share. */

export const GOLDEN = 3;

/** The files of a bundle of the small network. Its accuracy, classes and names may be given. */
export function bundleOf(format: string, target = 'cortex-m4', name?: string): BundleFile[] {
  const network = smallNetwork(name);
  return emitBundle({
    graph: lower(network),
    target: targetOf(target),
    format: formatOf(format),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(network, GOLDEN),
    runtime: readRuntimeLibrary(RESOURCES),
    licence: 'the licence',
    sha256,
  }).finish(null, null);
}

/** Writes files to a new folder; remove it when done. */
export function writeFiles(files: readonly BundleFile[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-format-'));
  for (const file of files) {
    const full = path.join(folder, file.path);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, file.content);
  }
  return folder;
}

/** Text of one file. @throws Error when the bundle lacks it */
export function textOf(files: readonly BundleFile[], name: string): string {
  const file = files.find((candidate) => candidate.path === name);
  if (!file) throw new Error(`the bundle lacks ${name}`);
  return file.content;
}

/** Includes of C and C++ files in quotes that neither the file's own folder nor the include folders hold. */
export function missingIncludes(
  files: readonly BundleFile[],
  of: readonly string[],
  folders: readonly string[],
): string[] {
  const known = new Set(files.map((file) => file.path));
  return of.flatMap((from) =>
    [...textOf(files, from).matchAll(/^#include "([^"]+)"/gm)]
      .map(([, name = '']) => name)
      .filter((name) =>
        [path.posix.dirname(from), ...folders].every(
          (folder) => !known.has(path.posix.normalize(`${folder}/${name}`)),
        ),
      )
      .map((name) => `${from}: ${name}`),
  );
}

/** The golden logits as the example programs print them, from `vectors.c`. */
export function expectedLines(vectors: string): string[] {
  const rows = /golden_logits\[\d+\]\[NETWORK_CLASSES\] = \{\s*\{([^}]*)\}/.exec(vectors)?.[1] ?? '';
  const logits = rows.split(',').map(Number);
  if (logits.length < 2 || logits.some(Number.isNaN)) throw new Error('no golden logits found');
  const best = logits.indexOf(Math.max(...logits));
  return [...logits.map((logit, i) => `class ${i}: ${logit}`), `predicted class: ${best}`];
}

/** Semantic Versioning 2.0.0, its own grammar. */
export const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

export type Yaml = string | Yaml[] | { [key: string]: Yaml };

/**
 * Reads the part of YAML that manifests of bundles use: block mappings, block sequences of scalars or mappings, plain
 * and double-quoted scalars. Everything else, tabs and odd indentation is an error.
 */
export function parseYaml(text: string): Yaml {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line) => {
      if (line.includes('\t')) throw new Error(`a tab in: ${line}`);
      return { indent: line.length - line.trimStart().length, text: line.trim() };
    });
  let at = 0;
  const scalar = (raw: string): string => {
    if (raw.startsWith('"')) return JSON.parse(raw) as string;
    if (/^[[{&*!|>'%@`]|: |:$| #/.test(raw)) throw new Error(`not a plain scalar: ${raw}`);
    return raw;
  };
  const block = (indent: number): Yaml => {
    const first = lines[at];
    if (!first || first.indent !== indent) throw new Error(`bad indentation at line ${at + 1} of content`);
    if (first.text.startsWith('- ')) {
      const items: Yaml[] = [];
      for (let line = lines[at]; line?.indent === indent && line.text.startsWith('- '); line = lines[at]) {
        const inner = line.text.slice(2);
        if (/^[\w./-]+:( |$)/.test(inner)) {
          lines[at] = { indent: indent + 2, text: inner };
          items.push(block(indent + 2));
        } else {
          items.push(scalar(inner));
          at++;
        }
      }
      return items;
    }
    const map: { [key: string]: Yaml } = {};
    for (let line = lines[at]; line?.indent === indent; line = lines[at]) {
      const match = /^([\w./-]+):(?: (.*))?$/.exec(line.text);
      if (!match?.[1]) throw new Error(`not a mapping entry: ${line.text}`);
      if (match[1] in map) throw new Error(`${match[1]} twice`);
      at++;
      const next = lines[at];
      if (match[2] !== undefined) map[match[1]] = scalar(match[2]);
      else if (next && next.indent > indent) map[match[1]] = block(next.indent);
      else throw new Error(`${match[1]} is empty`);
    }
    return map;
  };
  const result = block(0);
  if (at !== lines.length) throw new Error(`unread: ${lines[at]?.text ?? ''}`);
  return result;
}
