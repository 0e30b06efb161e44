import { DEFAULT_FORMAT, DEFAULT_KERNELS, DEFAULT_OBJECTIVE } from './choices.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';

/** The command that writes what the form says. Defaults are left out where the command has the same. */
export function exportCommand(asked: {
  run: string;
  checkpoint: string;
  target: string;
  format: string;
  options: PlanOptions;
  out: string;
}): string {
  const { options, format, out } = asked;
  return [
    'bitsmith export',
    quoted(asked.run),
    `--target ${asked.target}`,
    ...(format === DEFAULT_FORMAT ? [] : [`--format ${format}`]),
    ...(asked.checkpoint ? [`--checkpoint ${quoted(asked.checkpoint)}`] : []),
    ...(options.objective === DEFAULT_OBJECTIVE ? [] : [`--optimize ${options.objective}`]),
    ...(options.kernels === DEFAULT_KERNELS ? [] : [`--kernels ${options.kernels}`]),
    ...Object.entries(options.packing).map(
      ([layer, packing]) => `--packing ${quoted(`${layer}=${packing}`)}`,
    ),
    ...(out.trim() ? [`--out ${quoted(out.trim())}`] : []),
  ].join(' ');
}

export function verifyCommand(bundle: string, cores: readonly string[], samples: number): string {
  const options = [
    ...cores.map((core) => `--core ${core}`),
    ...(samples === 1000 ? [] : [`--samples ${samples}`]),
  ];
  return ['bitsmith verify', quoted(bundle), ...options].join(' ');
}

/** As a POSIX shell reads it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
