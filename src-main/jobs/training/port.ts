import type { Command } from '#shared/train/events.ts';
import type { HostMessage, JobMessage } from '../protocol.ts';

/** The child's side of the channel to the host. */
export interface HostChannel {
  send(message: JobMessage): void;
  onMessage(listener: (message: HostMessage) => void): void;
  /** Resolves when everything sent so far has left the process. */
  flush(): Promise<void>;
  /** What a person asked for and the training has not seen yet. */
  commands: Command[];
}

/** Electron's utility process has a parent port, which Node's types do not know. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** @param onLost called when the host is gone */
export function connectToHost(onLost: () => void): HostChannel {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
  return parentPort ? utilityChannel(parentPort) : forkChannel(onLost);
}

function utilityChannel(port: ParentPort): HostChannel {
  return {
    commands: [],
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data as HostMessage)),
    // The port has no acknowledgement; one turn of the event loop hands its queue to the browser process.
    flush: () => new Promise((resolve) => setTimeout(resolve, 100)),
  };
}

function forkChannel(onLost: () => void): HostChannel {
  process.on('disconnect', onLost);
  let last: Promise<void> = Promise.resolve();
  return {
    commands: [],
    send: (message) => {
      last = new Promise((resolve) => {
        if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve());
        else resolve();
      });
    },
    onMessage: (listener) => process.on('message', (message) => listener(message as HostMessage)),
    flush: () => last,
  };
}
