import * as fs from 'node:fs';
import { z } from 'zod';
import { guardFiles } from '#main/platform/files.ts';

/** The unfinished part of a download, and the validator (entity tag or date) of the version that it is a part of. */
export interface PartFile {
  readonly path: string;
  length(): number;
  validator(): string | null;
  /** Notes which version the bytes belong to. */
  begin(validator: string | null): void;
  append(): { write(bytes: Uint8Array): void; length(): number; close(): void };
  /** Throws it away. */
  discard(): void;
  /** Gives it its final name. */
  complete(): void;
}

const NoteSchema = z.strictObject({ validator: z.string().nullable() });

export function partFile(file: string): PartFile {
  const part = `${file}.part`;
  const note = `${file}.part.json`;
  const length = (): number => fs.statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  const discard = (): void =>
    guardFiles(`cannot remove ${part}`, () => {
      fs.rmSync(part, { force: true });
      fs.rmSync(note, { force: true });
    });
  return {
    path: part,
    length,
    discard,
    validator() {
      try {
        return NoteSchema.parse(JSON.parse(fs.readFileSync(note, 'utf8'))).validator;
      } catch {
        return null;
      }
    },
    begin(validator) {
      guardFiles(`cannot write ${note}`, () => fs.writeFileSync(note, JSON.stringify({ validator })));
    },
    append() {
      const handle = guardFiles(`cannot write ${part}`, () => fs.openSync(part, 'a'));
      let size = length();
      let open = true;
      return {
        length: () => size,
        write(bytes) {
          guardFiles(`cannot write ${part}`, () => {
            for (let at = 0; at < bytes.length;) {
              const written = fs.writeSync(handle, bytes, at, bytes.length - at);
              at += written;
              size += written;
            }
          });
        },
        close() {
          if (open) fs.closeSync(handle);
          open = false;
        },
      };
    },
    complete() {
      guardFiles(`cannot write ${file}`, () => {
        fs.renameSync(part, file);
        fs.rmSync(note, { force: true });
      });
    },
  };
}
