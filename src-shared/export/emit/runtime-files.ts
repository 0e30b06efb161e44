import { BitsmithError } from '../../base/errors.ts';
import { stepKernels } from '../plan/types.ts';
import type { BundleFile, Emission } from './types.ts';

const HEADERS = ['include/bitsmith.h', 'src/internal.h'];
/** Functions that only the observer's users call. */
const TEST_FUNCTIONS = ['bs_value_at', 'bs_crc32_value'];

/**
 * The files of the runtime that a network needs: its kernels, and whatever they call. Each function is in the file that
 * is named after it, so the closure over the names in the sources is exact.
 */
export function runtimeFiles({ plan, runtime }: Emission): BundleFile[] {
  const sources = new Map<string, BundleFile>();
  for (const file of runtime) {
    const match = /^src\/[^/]+\/(bs_[a-z0-9_]+)\.c$/.exec(file.path);
    if (match?.[1]) sources.set(match[1], file);
  }
  const needed = new Set<string>();
  const visit = (name: string): void => {
    const file = sources.get(name);
    if (!file || needed.has(name)) return;
    needed.add(name);
    for (const [, called] of file.content.matchAll(/\b(bs_[a-z0-9_]+)\s*\(/g)) visit(called ?? '');
  };
  for (const name of [...kernelsOf(plan), ...TEST_FUNCTIONS]) {
    if (!sources.has(name)) throw new BitsmithError('internal', `the runtime has no kernel ${name}`);
    visit(name);
  }
  const kernels = [...needed]
    .toSorted()
    .map((name) => sources.get(name))
    .filter((file) => file !== undefined);
  return [...HEADERS.map((path) => runtimeFile(runtime, path)), ...kernels].map(({ path, content }) => ({
    path: `runtime/${path}`,
    content,
  }));
}

export function kernelsOf(plan: Emission['plan']): string[] {
  return plan.steps.flatMap(stepKernels);
}

/** One file of `resources/runtime`. @throws BitsmithError `internal` when the installation lacks it */
export function runtimeFile(runtime: readonly BundleFile[], path: string): BundleFile {
  const file = runtime.find((candidate) => candidate.path === path);
  if (!file) throw new BitsmithError('internal', `the runtime library lacks ${path}`);
  return file;
}

/** The programs that prove a bundle, the same for every network. */
export function harnessFiles({ runtime }: Emission): BundleFile[] {
  const place = (name: string, folder: string): BundleFile => ({
    path: `${folder}/${name}`,
    content: runtimeFile(runtime, `harness/${name}`).content,
  });
  return [
    ...['port.h', 'port_host.c', 'batch_main.c', 'footprint_main.c'].map((name) => place(name, 'verify')),
    ...['self_test.h', 'self_test.c', 'self_test_main.c'].map((name) => place(name, 'test')),
  ];
}
