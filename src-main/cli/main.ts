import { CommanderError } from 'commander';
import { exitStatusOf, messageOf, toErrorData } from '#shared/base/errors.ts';
import { createProgram } from './program.ts';

/**
 * The command line. Exit status 0 for success, 1 for a failed job, 2 for a wrong input or circumstance, each with one
 * clear message on standard error. Results go to standard output, everything else to standard error.
 */
try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version are asked for and come with status 0; commander has printed the rest itself.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const { code, details } = toErrorData(error);
    console.error(`bitsmith: ${messageOf(error)}`);
    if (code === 'internal' && details?.stack) console.error(String(details.stack));
    process.exitCode = exitStatusOf(error);
  }
}
