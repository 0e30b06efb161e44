import type { Task } from '#shared/contract/api/task.ts';

/** What a piece of long work gets to report with. */
export interface TaskHandle {
  readonly id: string;
  /** Aborted when a person cancels the task. Work checks it and throws `cancelled`. */
  readonly signal: AbortSignal;
  /** @param progress 0 … 1, or null while unknown; @param message what it does now, one short line */
  report(progress: number | null, message: string): void;
}

/** Starts long work, keeps its state and tells the window: success, failure and clean-up are written once. */
export interface TaskRunner {
  start<T>(
    title: string,
    labels: Record<string, string>,
    work: (task: TaskHandle) => Promise<T>,
  ): { task: Task; done: Promise<T> };
}
