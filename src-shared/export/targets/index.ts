import { BitsmithError } from '../../base/errors.ts';
import { cortexM0 } from './cortex-m0/index.ts';
import { cortexM0Plus } from './cortex-m0plus/index.ts';
import { cortexM3 } from './cortex-m3/index.ts';
import { cortexM33 } from './cortex-m33/index.ts';
import { cortexM4 } from './cortex-m4/index.ts';
import { cortexM55 } from './cortex-m55/index.ts';
import { cortexM7 } from './cortex-m7/index.ts';
import { genericC99 } from './generic-c99/index.ts';
import { host } from './host/index.ts';
import { rv32imc } from './rv32imc/index.ts';
import type { Target } from './types.ts';

/** Every exporter target. A new one: one folder, one line here. */
export const TARGETS: readonly Target[] = [
  host,
  cortexM0,
  cortexM0Plus,
  cortexM3,
  cortexM4,
  cortexM7,
  cortexM33,
  cortexM55,
  rv32imc,
  genericC99,
];

/** @throws BitsmithError `invalid-input` naming the targets that exist */
export function targetOf(id: string): Target {
  const target = TARGETS.find((candidate) => candidate.id === id);
  if (target) return target;
  const known = TARGETS.map((candidate) => candidate.id).join(', ');
  throw new BitsmithError('invalid-input', `there is no target "${id}"; there are ${known}`);
}
