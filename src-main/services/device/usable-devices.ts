import { BitsmithError } from '#shared/base/errors.ts';
import type { DeviceRow } from '#shared/contract/api/device.ts';

/**
 * The back ends that can be measured: all that compute on hardware, or the one that is named.
 *
 * @throws BitsmithError `unavailable` with reason and remedy, `invalid-input` for an id that is not known
 */
export function usableDevices(devices: readonly DeviceRow[], wanted: string | undefined): DeviceRow[] {
  // Software adapters are correct but say nothing of this machine's speed; they are measured only when named.
  if (wanted === undefined) return devices.filter(({ available, software }) => available && !software);
  const device = devices.find(({ id }) => id === wanted);
  if (!device) {
    const known = devices.map(({ id }) => id).join(', ');
    throw new BitsmithError('invalid-input', `device "${wanted}" is not known; allowed: ${known}`);
  }
  if (!device.available) {
    throw new BitsmithError(
      'unavailable',
      `device "${wanted}" cannot be used here: ${device.reason ?? ''}. What to do: ${device.remedy ?? ''}`,
    );
  }
  return [device];
}
