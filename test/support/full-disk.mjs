import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded before the program: every checkpoint that is written finds the disk full after its first bytes. */
const write = fs.writeSync;
const open = fs.openSync;
const checkpoints = new Set();

fs.openSync = (file, ...rest) => {
  const handle = open(file, ...rest);
  if (String(file).includes('.safetensors')) checkpoints.add(handle);
  else checkpoints.delete(handle);
  return handle;
};
fs.writeSync = (handle, ...rest) => {
  if (!checkpoints.has(handle)) return write(handle, ...rest);
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
};
syncBuiltinESMExports();
