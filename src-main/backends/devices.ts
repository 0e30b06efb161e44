import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import type { TruthProbe } from '#shared/run/record.ts';
import { BACK_ENDS } from './registry.ts';
import { probeTruth } from './truth-probe.ts';
import { missing, type BackEnd, type Probe } from './types.ts';

export interface Device extends Probe {
  id: BackEnd['id'];
  title: string;
  /** null where the back end is missing. */
  truthProbe: TruthProbe | null;
}

/**
 * Probes one back end and, where it is there, its truth. A back end whose numbers are wrong is not available. Leaves it
 * active when it is available.
 */
export async function probeDevice(backEnd: BackEnd): Promise<Device> {
  const { id, title } = backEnd;
  const probe = await backEnd.probe();
  if (!probe.available) return { id, title, ...probe, truthProbe: null };
  try {
    const truthProbe = await probeTruth(backEnd);
    if (truthProbe.passed) return { id, title, ...probe, truthProbe };
    const wrong = truthProbe.checks.filter(({ passed }) => !passed).map(({ name }) => name);
    const reason = `it computes wrong values or gradients here: ${wrong.join(', ')}`;
    return { id, title, ...missing(reason, 'use another back end; update the graphics driver'), truthProbe };
  } catch (error) {
    const reason = `it cannot be started: ${messageOf(error).split('\n')[0] ?? ''}`;
    return {
      id,
      title,
      ...missing(reason, 'use another back end; update the graphics driver'),
      truthProbe: null,
    };
  }
}

/** All back ends, one after another. */
export async function probeDevices(backEnds: readonly BackEnd[] = BACK_ENDS): Promise<Device[]> {
  const devices: Device[] = [];
  for (const backEnd of backEnds) devices.push(await probeDevice(backEnd));
  return devices;
}

export function backEndOf(id: string, backEnds: readonly BackEnd[] = BACK_ENDS): BackEnd {
  const found = backEnds.find((backEnd) => backEnd.id === id);
  if (!found) {
    const known = backEnds.map((backEnd) => backEnd.id).join(', ');
    throw new BitsmithError('invalid-input', `device "${id}" is not known; allowed: auto, ${known}`);
  }
  return found;
}

/**
 * Activates the device for a job: the one that is named, or for `auto` the fastest by `measure`.
 *
 * @param measure seconds per step of the actual model on the active back end
 * @throws BitsmithError `unavailable` with reason and remedy where the named device cannot be used
 */
export async function chooseDevice(
  wanted: string,
  measure: () => Promise<number>,
  backEnds: readonly BackEnd[] = BACK_ENDS,
): Promise<Device> {
  if (wanted !== 'auto') {
    const device = await probeDevice(backEndOf(wanted, backEnds));
    if (!device.available) {
      throw new BitsmithError(
        'unavailable',
        `device "${wanted}" cannot be used here: ${device.reason ?? ''}. What to do: ${device.remedy ?? ''}`,
      );
    }
    return device;
  }
  // Software adapters are correct but never the fastest; they are used only when named.
  const devices = (await probeDevices(backEnds)).filter(({ available, software }) => available && !software);
  const [only, second] = devices;
  if (!only)
    throw new BitsmithError('unavailable', 'no back end computes truly here; see `bitsmith devices`');
  if (!second) {
    await backEndOf(only.id, backEnds).activate();
    return only;
  }
  let best = { device: only, seconds: Infinity };
  for (const device of devices) {
    await backEndOf(device.id, backEnds).activate();
    const seconds = await measure();
    if (seconds < best.seconds) best = { device, seconds };
  }
  await backEndOf(best.device.id, backEnds).activate();
  return best.device;
}
