// A host that writes one committed batch and is in the middle of a second one when it is killed.
import { prepareDataFolder, resolveDataFolder } from '#main/platform/data-folder.ts';
import { openStore } from '#main/store/index.ts';
import { newRun } from './support/new-run.ts';

const store = openStore({ dataFolder: prepareDataFolder(resolveDataFolder(process.argv[2])), mode: 'write' });
for (const id of ['running', 'waiting', 'paused']) store.runs.create(newRun(id));
for (const id of ['running', 'paused']) store.runs.setStatus(id, 'running', { at: '2026-01-01' });
store.runs.setStatus('paused', 'paused', { at: '2026-01-01' });

const batch = (from: number) =>
  Array.from({ length: 20_000 }, (_, i) => ({
    series: 'train/loss',
    step: from + i,
    epoch: 0,
    time: 0,
    value: 1,
  }));
store.series.add('running', batch(0));
store.transaction(() => {
  store.runs.update('running', { notes: 'half' });
  for (let i = 1; ; i++) {
    // More than the page cache holds, so that unfinished pages are in the file's log when the end comes.
    store.series.add('running', batch(i * 20_000));
    store.events.add('running', { at: '', level: 'info', message: 'x'.repeat(3_000_000) });
    process.stdout.write(`${i}\n`);
  }
});
