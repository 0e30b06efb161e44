import type { Part } from '../parts/types.ts';
import type { BudgetUse, DeploymentEstimate, FitVerdict } from './types.ts';

/** Whether a network fits a part, and by how much. */
export function fitVerdict({ total }: Pick<DeploymentEstimate, 'total'>, part: Part): FitVerdict {
  const flash = use(total.flash, part.flash);
  const ram = use(total.ram, part.ram);
  if (flash.left === null && ram.left === null) {
    const sentence = `takes ${kibibytes(flash.used)} of flash and ${kibibytes(ram.used)} of RAM; ${part.title}`;
    return { fits: null, flash, ram, sentence };
  }
  const over = [
    ...((flash.left ?? 0) < 0 ? [`${kibibytes(-(flash.left ?? 0))} too much flash`] : []),
    ...((ram.left ?? 0) < 0 ? [`${kibibytes(-(ram.left ?? 0))} too much RAM`] : []),
  ];
  if (over.length > 0)
    return { fits: false, flash, ram, sentence: `does not fit ${part.title}: ${over.join(' and ')}` };
  const spare = [
    ...(flash.left === null ? [] : [`${kibibytes(flash.left)} of flash`]),
    ...(ram.left === null ? [] : [`${kibibytes(ram.left)} of RAM`]),
  ];
  return { fits: true, flash, ram, sentence: `fits ${part.title}: ${spare.join(' and ')} left` };
}

function use(used: number, budget: number | null): BudgetUse {
  return { used, budget, left: budget === null ? null : budget - used };
}

/** `231 KiB`; small numbers with one digit behind the point. */
export function kibibytes(bytes: number): string {
  const value = bytes / 1024;
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} KiB`;
}
