import type { Command } from 'commander';
import { serveHost, windowFolder } from '../../serve/index.ts';
import { wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { printResult } from '../output.ts';
import { withHost } from '../session.ts';

export function addServeCommand(program: Command): void {
  withCommon(
    program
      .command('serve')
      .description('the whole application in a browser of this computer')
      .option(
        '--port <number>',
        'port on the loopback interface (default: any free one)',
        wholeNumber(0, 65_535),
      ),
  ).action(async (options: CommonOptions & { port?: number }) => {
    // Before the data folder is taken: without a built window there is nothing to serve.
    const staticFolder = windowFolder();
    await withHost(options, async (host) => {
      const server = await serveHost(host, {
        staticFolder,
        ...(options.port === undefined ? {} : { port: options.port }),
      });
      printResult(options.json, { address: server.address, port: server.port }, () =>
        [
          `Bitsmith is at ${server.address}`,
          'The address holds a secret: whoever knows it on this computer can use the application. Ctrl-C ends it.',
        ].join('\n'),
      );
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      });
      await server.close();
    });
  });
}
