/** Names of the Electron channels between the preload and the shell. */
export const CHANNELS = {
  request: 'bitsmith:request',
  reply: 'bitsmith:reply',
  chooseFolder: 'bitsmith:choose-folder',
  reveal: 'bitsmith:reveal',
  theme: 'bitsmith:theme',
  command: 'bitsmith:command',
} as const;
