import * as fs from 'node:fs';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createJobHost,
  nodeFork,
  type JobEnd,
  type JobHost,
  type JobHostOptions,
  type JobListener,
} from '#main/jobs/host/index.ts';
import type { JobMessage, TrainingJob } from '#main/jobs/protocol.ts';
import { silentLog, type Log } from '#main/platform/log.ts';
import { temporaryFolder } from '#test/main/store/support/temporary-folder.ts';
import type { FakeConfig } from './fake-child.ts';

export function fakeFork(log: Log = silentLog, entry = path.join(import.meta.dirname, 'fake-child.ts')) {
  return nodeFork({ entry, log, execArgv: [] });
}

/** A job host over fake children, closed with the test. */
export function fakeHost(options: Partial<JobHostOptions> = {}): JobHost {
  const host = createJobHost({ fork: fakeFork(options.log), closeSeconds: 10, ...options });
  onTestFinished(() => host.dispose());
  return host;
}

export function fakeJob(run: string, config: FakeConfig): TrainingJob {
  const checkpointFolder = path.join(temporaryFolder(), run);
  fs.mkdirSync(checkpointFolder);
  return {
    run,
    config,
    dataFolder: checkpointFolder,
    checkpointFolder,
    checkpoint: null,
    initial: null,
    device: null,
    untilEpoch: null,
  };
}

/** Hears everything and can be waited for. */
export class Witness implements JobListener {
  readonly messages: JobMessage[] = [];
  readonly ends: JobEnd[] = [];
  readonly pids: (number | undefined)[] = [];
  readonly #end = Promise.withResolvers<JobEnd>();
  #waiting: { test: (message: JobMessage) => boolean; resolve: () => void }[] = [];

  launched(pid: number | undefined): void {
    this.pids.push(pid);
  }

  message(message: JobMessage): void {
    this.messages.push(message);
    this.#waiting = this.#waiting.filter(({ test, resolve }) => !(test(message) && (resolve(), true)));
  }

  ended(end: JobEnd): void {
    this.ends.push(end);
    this.#end.resolve(end);
  }

  get end(): Promise<JobEnd> {
    return this.#end.promise;
  }

  /** Resolves with the first message from now on that fits. */
  until(test: (message: JobMessage) => boolean): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ test, resolve }));
  }
}

export const isStep = (step: number) => (message: JobMessage) =>
  message.type === 'progress' && message.stepsDone >= step;
