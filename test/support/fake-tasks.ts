import { BitsmithError, toErrorData } from '#shared/base/errors.ts';
import type { Task } from '#shared/contract/api/task.ts';

/** Long work that only pretends: it goes through its messages and then gives its result. */
export class FakeTasks {
  readonly #tasks = new Map<string, Task>();
  readonly #timers = new Map<string, ReturnType<typeof setInterval>>();
  readonly #tell: (task: Task) => void;
  readonly #tick: number;

  constructor(tell: (task: Task) => void, tick: number) {
    this.#tell = tell;
    this.#tick = tick;
  }

  start(
    title: string,
    labels: Record<string, string>,
    messages: string[],
    work: () => unknown,
  ): { task: string } {
    const id = `t${this.#tasks.size + 1}`;
    const task: Task = {
      id,
      title,
      labels,
      state: 'running',
      progress: 0,
      message: messages[0] ?? '',
      error: null,
      result: null,
      startedAt: new Date().toISOString(),
      endedAt: null,
    };
    this.#tasks.set(id, task);
    let step = 0;
    const timer = setInterval(() => {
      step++;
      const progress = step / 20;
      if (progress < 1) {
        const message = messages[Math.floor(progress * messages.length)] ?? '';
        this.#change(id, { progress, message });
        return;
      }
      try {
        this.#end(id, { state: 'succeeded', progress: 1, message: 'done', result: work() });
      } catch (error) {
        this.#end(id, { state: 'failed', error: toErrorData(error) });
      }
    }, this.#tick);
    this.#timers.set(id, timer);
    this.#tell(task);
    return { task: id };
  }

  list(): Task[] {
    return [...this.#tasks.values()];
  }

  get(id: string): Task {
    const task = this.#tasks.get(id);
    if (!task) throw new BitsmithError('not-found', `there is no task "${id}"`);
    return task;
  }

  cancel(id: string): Task {
    const task = this.get(id);
    if (task.state === 'running') {
      this.#end(id, { state: 'cancelled', error: { code: 'cancelled', message: 'cancelled by hand' } });
    }
    return this.get(id);
  }

  dispose(): void {
    this.#timers.forEach((timer) => clearInterval(timer));
  }

  #change(id: string, changes: Partial<Task>): void {
    const task = { ...this.get(id), ...changes };
    this.#tasks.set(id, task);
    this.#tell(task);
  }

  #end(id: string, changes: Partial<Task>): void {
    clearInterval(this.#timers.get(id));
    this.#change(id, { ...changes, endedAt: new Date().toISOString() });
  }
}
