import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

/** What every command takes. */
export interface CommonOptions {
  dataDir?: string;
  json?: boolean;
}

/** A command with the options that all share. */
export function withCommon(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'data folder (default: the application’s own)')
    .option('--json', 'print the result as one JSON document on standard output');
}

/** Parser for an option that takes a whole number. */
export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
