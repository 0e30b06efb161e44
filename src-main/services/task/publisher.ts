import type { TopicName, TopicPayload } from '#shared/contract/topics/index.ts';

/** Tells whoever listens (windows, the command line). */
export type Publish = <T extends TopicName>(topic: T, payload: TopicPayload<T>) => void;

export interface Publisher {
  publish: Publish;
  /** @returns a function that ends the subscription */
  subscribe(listener: (topic: TopicName, payload: unknown) => void): () => void;
}

/** The host's pushes. @param onError hears of a listener that throws; the others are told all the same */
export function createPublisher(onError: (error: unknown) => void = () => undefined): Publisher {
  const listeners = new Set<(topic: TopicName, payload: unknown) => void>();
  return {
    publish(topic, payload) {
      for (const listener of [...listeners]) {
        try {
          listener(topic, payload);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
