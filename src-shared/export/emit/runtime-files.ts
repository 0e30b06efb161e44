import { BitsmithError } from '../../base/errors.ts';
import { handedOn } from '../plan/counter.ts';
import { stepKernels } from '../plan/types.ts';
import { SOUND_FUNCTIONS } from './sound.ts';
import type { BundleFile, Emission } from './types.ts';

/** Functions that only the observer's users call. */
const TEST_FUNCTIONS = ['bs_value_at', 'bs_crc32_value', 'bs_crc32_table'];

/**
 * The files of the runtime that a network needs: its kernels, and whatever these name or include. Each function is in the
 * file that is named after it, so the closure over the names in the sources is exact.
 */
export function runtimeFiles({ plan, runtime, provenance }: Emission): BundleFile[] {
  const files = new Map(runtime.map((file) => [file.path, file]));
  const sources = new Map<string, BundleFile>();
  for (const file of runtime) {
    const match = /^src\/[^/]+\/(bs_[a-z0-9_]+)\.c$/.exec(file.path);
    if (match?.[1]) sources.set(match[1], file);
  }
  const taken = new Map<string, BundleFile>();
  const visit = (file: BundleFile | undefined): void => {
    if (!file || taken.has(file.path)) return;
    taken.set(file.path, file);
    const text = withoutComments(file.content);
    for (const [, name = ''] of text.matchAll(/^#include "([^"]+)"/gm)) visit(included(files, file, name));
    // Every name counts, called or handed on as a pointer. Public headers declare what nobody may need.
    if (file.path.startsWith('include/')) return;
    for (const [name] of text.matchAll(/\bbs_[a-z0-9_]+\b/g)) visit(sources.get(name));
  };
  const sound = provenance.sound ? SOUND_FUNCTIONS : [];
  for (const name of [...kernelsOf(plan), ...sound, ...TEST_FUNCTIONS]) {
    const source = sources.get(name);
    if (!source) throw new BitsmithError('internal', `the runtime has no kernel ${name}`);
    visit(source);
  }
  visit(runtimeFile(runtime, `include/${publicHeader(plan)}`));
  return [...taken.values()]
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, content }) => ({ path: `runtime/${path}`, content }));
}

/** The header that a source includes: beside it, above it, or a public one. */
function included(files: ReadonlyMap<string, BundleFile>, { path }: BundleFile, name: string): BundleFile {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const beside = `${folder}/${name}`.replace(/[^/]+\/\.\.\//, '');
  const file = files.get(beside) ?? files.get(`include/${name}`);
  if (!file) throw new BitsmithError('internal', `the runtime library lacks ${name}, which ${path} includes`);
  return file;
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '');
}

/** The public header of a plan's kernels; each includes those before it. */
export function publicHeader(plan: Emission['plan']): string {
  const kernels = kernelsOf(plan);
  if (kernels.some((name) => name.includes('_swar_'))) return 'bitsmith_swar.h';
  return kernels.some(
    (name) => name.includes('_sliced') || name.includes('_lanes') || name.includes('_decode_'),
  )
    ? 'bitsmith_sliced.h'
    : 'bitsmith.h';
}

/** Functions of the runtime that the network names: kernels, and what they are given. */
export function kernelsOf(plan: Emission['plan']): string[] {
  return plan.steps.flatMap((step) => [...stepKernels(step), ...handedOn(step)]);
}

/** One file of `resources/runtime`. @throws BitsmithError `internal` when the installation lacks it */
export function runtimeFile(runtime: readonly BundleFile[], path: string): BundleFile {
  const file = runtime.find((candidate) => candidate.path === path);
  if (!file) throw new BitsmithError('internal', `the runtime library lacks ${path}`);
  return file;
}

/** The programs that prove a bundle, the same for every network. */
export function harnessFiles({ runtime, provenance }: Emission): BundleFile[] {
  const place = (name: string, folder: string): BundleFile => ({
    path: `${folder}/${name}`,
    content: runtimeFile(runtime, `harness/${name}`).content,
  });
  return [
    ...['port.h', 'port_host.c', 'batch_main.c', 'footprint_main.c'].map((name) => place(name, 'verify')),
    ...(provenance.sound ? [place('sound_main.c', 'verify')] : []),
    ...['self_test.h', 'self_test.c', 'self_test_main.c'].map((name) => place(name, 'test')),
  ];
}
