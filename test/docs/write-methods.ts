import * as fs from 'node:fs';
import * as path from 'node:path';
import { METHOD_FOLDER, methodFiles } from './method-files.ts';

/** Writes the pages and pictures of all methods: `npm run docs:methods`. What no method needs any more is removed. */
const files = await methodFiles();
fs.rmSync(METHOD_FOLDER, { recursive: true, force: true });
for (const [name, text] of files) {
  const file = path.join(METHOD_FOLDER, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}
console.log(`${files.size} files in ${METHOD_FOLDER}`);
