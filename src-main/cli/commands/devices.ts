import type { Command } from 'commander';
import { createLog } from '../../platform/log.ts';
import { trainingEntry } from '../../platform/application.ts';
import { resolveDataFolder } from '../../platform/data-folder.ts';
import { nodeFork } from '../../jobs/host/index.ts';
import { listDevices } from '../../services/device/index.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { printResult } from '../output.ts';

export function addDeviceCommands(program: Command): void {
  withCommon(
    program
      .command('devices')
      .description('list the back ends found here, whether they compute truly, and why others are missing'),
  ).action(async (options: CommonOptions) => {
    const log = createLog({ folder: resolveDataFolder(options.dataDir).logs });
    const devices = await listDevices(nodeFork({ entry: trainingEntry(), log }));
    log.close();
    printResult(options.json, devices, () =>
      devices
        .map((device) => {
          const state = device.available ? `available: ${device.name ?? ''}` : 'not available';
          const checks = device.truthProbe?.checks ?? [];
          const passed = checks.filter((check) => check.passed).length;
          return [
            `${device.id}: ${device.title}, ${state}${device.software ? ' (computes on the processor: correct, but slow)' : ''}`,
            ...(device.reason ? [`  why: ${device.reason}`] : []),
            ...(device.remedy ? [`  what to do: ${device.remedy}`] : []),
            ...(checks.length > 0
              ? [
                  `  truth probe: ${passed} of ${checks.length} operations agree with the reference, values and gradients`,
                ]
              : []),
            ...checks
              .filter((check) => !check.passed)
              .map((check) => `    wrong: ${check.name}, off by ${check.difference.toExponential(1)}`),
          ].join('\n');
        })
        .join('\n'),
    );
  });
}
