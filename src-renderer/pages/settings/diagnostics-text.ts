import type { Diagnostics } from '#shared/contract/api/app.ts';
import type { DeviceRow } from '#shared/contract/api/device.ts';

interface Info {
  version: string;
  dataFolder: string;
  platform: string;
  node: string;
  shell: string;
}

/** All that a bug report needs, as plain text. The person's own folder is shortened to `~`. */
export function diagnosticsText(
  info: Info,
  devices: readonly DeviceRow[],
  diagnostics: Diagnostics,
  browser: string,
): string {
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const lines = [
    `Bitsmith ${info.version}, ${info.shell}, ${info.platform}, Node ${info.node}`,
    `window: ${browser}`,
    `processor: ${diagnostics.processors}; memory ${gigabytes(diagnostics.memory.total)}, free ${gigabytes(diagnostics.memory.free)}`,
    `data folder: ${info.dataFolder}`,
    '',
    'devices:',
    ...devices.map(deviceLine),
    '',
    'programs:',
    ...diagnostics.programs.map(
      ({ id, version, path }) => `  ${id}: ${version ? `${version}, ${path}` : 'not found'}`,
    ),
    '',
    `last ${diagnostics.log.length} lines of the log:`,
    ...diagnostics.log.map((line) => `  ${line}`),
  ];
  return withoutHome(lines.join('\n'));
}

function deviceLine(device: DeviceRow): string {
  if (!device.available) return `  ${device.id}: not available: ${device.reason ?? 'unknown'}`;
  const probe = device.truthProbe;
  const wrong = probe?.checks.filter((check) => !check.passed).map(({ name }) => name) ?? [];
  const verdict = probe ? (probe.passed ? 'truth probe passed' : `wrong: ${wrong.join(', ')}`) : 'not probed';
  return `  ${device.id}: ${device.name ?? ''}${device.software ? ', in software' : ''}; ${verdict}`;
}

/** `/home/ada/x` → `~/x`: a name is nobody's business in a bug report. */
export function withoutHome(text: string): string {
  return text.replaceAll(/(\/home\/|\/Users\/|[A-Z]:\\Users\\)[^\s/\\,;:]+/g, '~');
}
