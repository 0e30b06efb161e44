import { serveHost } from '#main/serve/index.ts';
import { createFakeHost } from './fake-host.ts';

/**
 * The built window on a host in memory: `node test/support/serve-fake.ts [number of runs] [ms per four steps]
 * [points of every series]`. For work
 * on the window without a data folder or a training job.
 */
const runs = Number(process.argv[2] ?? 24);
const tick = Number(process.argv[3] ?? 250);
const points = process.argv[4] === undefined ? undefined : Number(process.argv[4]);
const host = createFakeHost({ runs, tick, taskTick: 150, ...(points === undefined ? {} : { points }) });
const server = await serveHost(host);
console.log(server.address);
process.once('SIGINT', () => {
  void Promise.all([server.close(), host.dispose()]).then(() => process.exit(0));
});
