import type { Services } from '#shared/contract/index.ts';
import type { TopicName } from '#shared/contract/topics/index.ts';

/** What every shell (Electron, `bitsmith serve`, the tests) holds: the services and the host's pushes. */
export interface Host {
  services: Services;
  subscribe(listener: (topic: TopicName, payload: unknown) => void): () => void;
  dispose(): Promise<void>;
}
