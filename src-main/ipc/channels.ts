/** Names of the Electron channels between the preload and the shell. */
export const CHANNELS = {
  request: 'bitsmith:request',
  reply: 'bitsmith:reply',
  choosePath: 'bitsmith:choose-path',
  reveal: 'bitsmith:reveal',
  theme: 'bitsmith:theme',
  command: 'bitsmith:command',
} as const;
