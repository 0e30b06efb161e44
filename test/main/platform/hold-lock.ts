// A host of its own: takes the lock, says so, and keeps it until it is told to go or is killed.
import { prepareDataFolder, resolveDataFolder } from '#main/platform/data-folder.ts';
import { acquireLock } from '#main/platform/lock.ts';

const lock = acquireLock(prepareDataFolder(resolveDataFolder(process.argv[2])));
process.send?.('held');
process.on('message', () => {
  lock.release();
  process.disconnect();
});
