export { askProcess } from './ask-process.ts';
export {
  createJobHost,
  type JobEnd,
  type JobHost,
  type JobHostOptions,
  type JobListener,
} from './job-host.ts';
export { nodeFork } from './node-fork.ts';
export { eachLine, lineKeeper } from './output.ts';
export type { ForkJob, JobExit, JobPort } from './port.ts';
