import { whole } from './format-numbers.ts';
import type { BundleReport } from './schema.ts';

/** Rows of a bundle's README with what the linker measured; without a measurement, how to get one. */
export function measuredRows({ columns, measured, remedy }: BundleReport): string {
  if (!measured) {
    const how = remedy ? `; to measure: \`${remedy}\`, then \`bitsmith report --measure <this folder>\`` : '';
    return `| Flash, RAM | not measured: the target's compiler is not installed${how} |\n`;
  }
  const stack = columns.stack === null ? 'not known' : `${whole(columns.stack)} bytes`;
  return [
    `| Flash, measured | ${whole(columns.totalFlash)} bytes: ${whole(columns.weightsFlash)} tables, ${whole(columns.codeFlash)} code, ${whole(columns.startupFlash)} start-up |`,
    `| RAM, measured | ${whole(measured.ramBytes)} bytes: ${whole(columns.activationRam)} arena, ${whole(columns.runtimeRam)} other variables |`,
    `| Stack, estimated | ${stack}, interrupts not counted |`,
    `| Measured with | ${measured.compiler}: ${measured.image} |`,
    '',
  ].join('\n');
}
