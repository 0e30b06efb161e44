import type { Bridge } from '#shared/contract/wire/bridge.ts';
import { bridgeTransport } from './bridge-transport.ts';
import { createClient } from './client.ts';
import { socketTransport, type Socket } from './socket-transport.ts';

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a browser. */
    bitsmith?: Bridge;
  }
}

/** The desktop shell's own abilities, or undefined in a browser. */
export const shell: Bridge | undefined = window.bitsmith;

/** The one connection of this window. The page cannot tell which kind it is. */
export const host = createClient(
  shell
    ? bridgeTransport(shell)
    : socketTransport(
        () => new WebSocket(new URL('/wire', location.href.replace(/^http/, 'ws'))) as unknown as Socket,
      ),
);
