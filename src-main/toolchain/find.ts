import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { PROGRAMS, remedyOf, type ProgramCard, type ProgramId } from './programs.ts';
import { runProgram } from './run.ts';

/** A program that is here, or why not. */
export type Found =
  | { id: ProgramId; available: true; path: string; version: string; title: string; remedy: null }
  | { id: ProgramId; available: false; title: string; remedy: string };

/**
 * Looks for programs along a search path and remembers what it found, for as long as the object lives.
 *
 * @param searchPath folders to look in; default: the PATH of this process
 */
export function createToolchain(searchPath: readonly string[] = foldersOfPath()): Toolchain {
  const cache = new Map<ProgramId, Promise<Found>>();
  const find = (id: ProgramId): Promise<Found> => {
    const known = cache.get(id);
    if (known) return known;
    const found = lookFor(cardOf(id), searchPath);
    cache.set(id, found);
    return found;
  };
  return { find, all: () => Promise.all(PROGRAMS.map((card) => find(card.id))), forget: () => cache.clear() };
}

export interface Toolchain {
  find(id: ProgramId): Promise<Found>;
  all(): Promise<Found[]>;
  /** Look again: a person has installed something. */
  forget(): void;
}

function foldersOfPath(): string[] {
  return (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
}

function cardOf(id: ProgramId): ProgramCard {
  const card = PROGRAMS.find((candidate) => candidate.id === id);
  if (!card) throw new BitsmithError('internal', `there is no card for the program ${id}`);
  return card;
}

async function lookFor(card: ProgramCard, searchPath: readonly string[]): Promise<Found> {
  for (const name of card.names) {
    const file = searchPath.map((folder) => path.join(folder, name)).find(isExecutable);
    if (!file) continue;
    const version = await versionOf(file);
    if (version === undefined) continue;
    return {
      id: card.id,
      available: true,
      path: file,
      version,
      title: `${card.id} ${version}`,
      remedy: null,
    };
  }
  return { id: card.id, available: false, title: card.id, remedy: remedyOf(card) };
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The version in the first line of `--version`; undefined when the program cannot even say that. */
async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { status, stdout } = await runProgram(file, ['--version'], { timeoutMs: 20_000 });
    if (status !== 0) return undefined;
    return parseVersion(stdout);
  } catch {
    return undefined;
  }
}

/** `gcc (Debian 12.2.0-14) 12.2.0` is 12.2.0; a line without a version is given as it is. */
export function parseVersion(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  const outside = line.replace(/\([^)]*\)/g, ' ');
  return /\d+\.\d+(\.\d+)?/.exec(outside)?.[0] ?? /\d+\.\d+(\.\d+)?/.exec(line)?.[0] ?? line;
}
