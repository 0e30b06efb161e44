/** One that answers every question with one answer, or fails for good. */
export interface Answerer<Q> {
  ask(question: Q): void;
  end(): void;
}

/** Begins one. */
export type Spawn<Q, A> = (on: { answer(answer: A): void; failure(sentence: string): void }) => Answerer<Q>;

export interface AskLatest<Q> {
  /** Asks; the answer to any earlier question will not be given any more. */
  ask(question: Q): void;
  /** The last question is void. */
  forget(): void;
  /** Ends the worker for good. */
  stop(): void;
}

/**
 * A worker of which only the answer to the newest question counts. While it works on an old one, a newer one waits for at
 * most `patience` ms; then the worker is ended and another one begins anew, because a large network takes seconds.
 */
export function askLatest<Q, A>(options: {
  spawn: Spawn<Q, A>;
  patience: number;
  onAnswer(answer: A): void;
  onFailure(sentence: string): void;
}): AskLatest<Q> {
  let worker: Answerer<Q> | null = null;
  let began = 0;
  let isBusy = false;
  /** Whether the question that is worked on is still the newest. */
  let isWanted = false;
  let waiting: Q | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function start(): Answerer<Q> {
    const fresh: Answerer<Q> = options.spawn({
      answer: (answer) => {
        if (fresh === worker) done(() => options.onAnswer(answer));
      },
      failure: (sentence) => {
        if (fresh !== worker) return;
        end();
        done(() => options.onFailure(sentence));
      },
    });
    return fresh;
  }
  function send(question: Q): void {
    worker ??= start();
    isBusy = true;
    isWanted = true;
    began = Date.now();
    worker.ask(question);
  }
  /** After an answer: it is given where it is still wanted, else what waits is asked. */
  function done(give: () => void): void {
    clearTimeout(timer);
    isBusy = false;
    const next = waiting;
    waiting = null;
    if (next !== null) send(next);
    else if (isWanted) give();
  }
  function end(): void {
    worker?.end();
    worker = null;
    isBusy = false;
  }
  function restart(): void {
    const next = waiting;
    waiting = null;
    end();
    if (next !== null) send(next);
  }
  return {
    ask(question) {
      if (!isBusy) return send(question);
      waiting = question;
      isWanted = false;
      clearTimeout(timer);
      timer = setTimeout(restart, Math.max(0, began + options.patience - Date.now()));
    },
    forget() {
      clearTimeout(timer);
      isWanted = false;
      waiting = null;
    },
    stop() {
      clearTimeout(timer);
      waiting = null;
      isWanted = false;
      end();
    },
  };
}
