import { BitsmithError, fromErrorData } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { DeviceRow, deviceApi } from '#shared/contract/api/device.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';

/** The back ends of this machine. Probing takes a second, so the answer is kept for the host's life. */
export function createDeviceService(fork: ForkJob): ServiceOf<typeof deviceApi> {
  let known: Promise<DeviceRow[]> | undefined;
  return {
    list: ({ fresh }) => {
      if (fresh || !known) {
        known = probeInChild(fork);
        known.catch(() => {
          known = undefined;
        });
      }
      return known;
    },
  };
}

/** @throws BitsmithError `internal` when the process ends without an answer (a driver that crashes, say) */
function probeInChild(fork: ForkJob): Promise<DeviceRow[]> {
  return new Promise((resolve, reject) => {
    const port = fork('probe');
    port.onMessage((message) => {
      if (message.type === 'devices') resolve(message.devices);
      else if (message.type === 'failed') reject(fromErrorData(message.error));
    });
    port.onExit(({ code, signal, lastLine }) => {
      const how = signal ? `was ended by ${signal}` : `ended with status ${code ?? 'unknown'}`;
      reject(
        new BitsmithError(
          'internal',
          `the process that looks for devices ${how}${lastLine ? `: ${lastLine}` : ''}`,
        ),
      );
    });
    port.send({ type: 'probe' });
  });
}
