import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import type { BrowserContext, Frame, Page, Route } from 'playwright-core';

/*
 * Electron's runtime, where its binary cannot be had: the built main bundle is loaded as it is, with a module `electron`
 * whose BrowserWindow is a page of a real Chromium. The built preload runs in that page before its scripts; IPC goes
 * through page bindings, `app://` through request routing to the handler that the bundle gave to `protocol.handle`.
 * What it cannot show is Chromium's own part of the promises: process sandbox, isolated world, fuses.
 */

/** Where `app://bitsmith` lives in the page, because Chromium does not know the scheme. */
const STAND_IN_ORIGIN = 'https://app-bitsmith.invalid';
const toPage = (url: string): string => url.replace(/^app:\/\/bitsmith/, STAND_IN_ORIGIN);
const toApp = (url: string): string => url.replace(STAND_IN_ORIGIN, 'app://bitsmith');

type Listener = (...values: unknown[]) => unknown;
interface SenderFrame {
  url: string;
  parent: SenderFrame | null;
}

export interface StandIn {
  /** What the bundle asked Electron for, in order: `app.enableSandbox`, `protocol.registerSchemesAsPrivileged` … */
  calls: string[];
  windows: StandInWindow[];
  /** Addresses that were handed to the person's browser. */
  openedOutside: string[];
  revealed: string[];
  errorBoxes: string[];
  /** Requests to anything but the window's own origin; all are refused. */
  foreignRequests: string[];
  menu: MenuItem[];
  nativeTheme: { themeSource: string; shouldUseDarkColors: boolean };
  permissions: { request?: Listener; check?: Listener; device?: Listener };
  /** Titles of the desktop's notifications. */
  notifications: string[];
  /** Blockers of the machine's sleep that are on. */
  blockers: Set<number>;
  /** Last share of the taskbar's bar; -1: none. */
  taskbar: number;
  /** Answers of the dialogs, in their order. */
  folderChoices: (string | null)[];
  messageChoices: number[];
  protocolHandler(scheme: string): (request: Request) => Promise<Response>;
  /** Sends on a channel as a frame of another address would, and says whether anything was answered. */
  sendAs(frame: SenderFrame | null, channel: string, ...values: unknown[]): Promise<unknown[]>;
  invokeAs(frame: SenderFrame | null, channel: string, ...values: unknown[]): Promise<unknown>;
  quit(): Promise<void>;
  secondInstance(): void;
  /** Resolves when the app has ended, to its exit status. */
  ended: Promise<number>;
}

export interface MenuItem {
  label?: string;
  role?: string;
  accelerator?: string;
  submenu?: MenuItem[];
  click?: () => void;
}

export interface StandInWindow {
  options: { webPreferences: Record<string, unknown> } & Record<string, unknown>;
  page: Page;
  focused: number;
}

interface StandInOptions {
  context: BrowserContext;
  switches: Record<string, string>;
  userData: string;
}

let started = 0;

/** Loads a built main bundle. Resolves when it has opened its window. */
export async function startStandIn(bundle: string, options: StandInOptions): Promise<StandIn> {
  const state = createState(options);
  // A module of its own each time: Node loads an address once.
  const address = `stand-in:electron-${++started}`;
  const key = Symbol.for(address);
  Reflect.set(globalThis, key, state.electron);
  const names = Object.keys(state.electron).join(', ');
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron' ? { url: address, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === address
        ? {
            format: 'module',
            source: `export const { ${names} } = globalThis[Symbol.for('${address}')];`,
            shortCircuit: true,
          }
        : next(url, context),
  });
  try {
    // Node's own loader, not the test runner's: the bundle runs as it was built.
    createRequire(import.meta.url)(bundle);
  } finally {
    hooks.deregister();
  }
  await Promise.race([state.firstWindow, state.standIn.ended]);
  return state.standIn;
}

function createState({ context, switches, userData }: StandInOptions) {
  const calls: string[] = [];
  const handlers = new Map<string, (request: Request) => Promise<Response>>();
  const invokable = new Map<string, Listener>();
  const ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, listener: Listener) => void invokable.set(channel, listener),
    removeHandler: (channel: string) => void invokable.delete(channel),
  });
  let opened: () => void = () => undefined;
  const firstWindow = new Promise<void>((resolve) => (opened = resolve));
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (end = resolve));

  const standIn: StandIn = {
    calls,
    windows: [],
    openedOutside: [],
    revealed: [],
    errorBoxes: [],
    foreignRequests: [],
    menu: [],
    nativeTheme: { themeSource: 'system', shouldUseDarkColors: false },
    permissions: {},
    notifications: [],
    blockers: new Set(),
    taskbar: -1,
    folderChoices: [],
    messageChoices: [],
    protocolHandler: (scheme) => {
      const handler = handlers.get(scheme);
      if (!handler) throw new Error(`nobody handles ${scheme}:`);
      return handler;
    },
    sendAs: async (frame, channel, ...values) => {
      const answers: unknown[] = [];
      const sender = { isDestroyed: () => false, send: (...answer: unknown[]) => answers.push(answer) };
      ipcMain.emit(channel, { sender, senderFrame: frame }, ...values);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return answers;
    },
    invokeAs: async (frame, channel, ...values) =>
      invokable.get(channel)?.({ sender: {}, senderFrame: frame }, ...values),
    quit: async () => {
      app.quit();
      await ended;
    },
    secondInstance: () => void app.emit('second-instance'),
    ended,
  };

  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => (calls.push('app.requestSingleInstanceLock'), true),
    enableSandbox: () => void calls.push('app.enableSandbox'),
    setName: () => undefined,
    getPath: () => userData,
    commandLine: { getSwitchValue: (name: string) => switches[name] ?? '' },
    whenReady: () => Promise.resolve().then(() => void calls.push('app ready')),
    quit: () => {
      let prevented = false;
      app.emit('before-quit', { preventDefault: () => (prevented = true) });
      if (!prevented) end(0);
    },
    exit: (code: number) => end(code),
  });

  class StandInContents extends EventEmitter {
    readonly #window: BrowserWindow;
    openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
    constructor(window: BrowserWindow) {
      super();
      this.#window = window;
    }
    getURL(): string {
      return toApp(this.#window.page?.url() ?? '');
    }
    isDestroyed(): boolean {
      return this.#window.destroyed;
    }
    setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
      this.openHandler = handler;
    }
    send(channel: string, ...values: unknown[]): void {
      this.#window.page
        ?.evaluate(([name, all]) => Reflect.get(globalThis, '__receive')(name, all), [
          channel,
          values,
        ] as const)
        .catch(() => undefined);
    }
  }

  class BrowserWindow extends EventEmitter {
    static all: BrowserWindow[] = [];
    static getAllWindows = (): BrowserWindow[] => BrowserWindow.all.filter((window) => !window.destroyed);
    static getFocusedWindow = (): BrowserWindow | undefined => BrowserWindow.getAllWindows()[0];
    static fromWebContents = (contents: StandInContents): BrowserWindow | undefined =>
      BrowserWindow.all.find((window) => window.webContents === contents);
    page: Page | undefined;
    destroyed = false;
    record: StandInWindow | undefined;
    readonly webContents: StandInContents;
    readonly options: StandInWindow['options'];
    constructor(options: StandInWindow['options']) {
      super();
      this.options = options;
      this.webContents = new StandInContents(this);
      BrowserWindow.all.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
    async loadURL(url: string): Promise<void> {
      const page = await context.newPage();
      this.page = page;
      await wirePage(this, page);
      this.record = { options: this.options, page, focused: 0 };
      await page.goto(toPage(url));
      standIn.windows.push(this.record);
      this.emit('ready-to-show');
      opened();
    }
    show(): void {}
    setProgressBar(share: number): void {
      standIn.taskbar = share;
    }
    maximize(): void {}
    restore(): void {}
    isMinimized = (): boolean => false;
    isMaximized = (): boolean => false;
    isDestroyed = (): boolean => this.destroyed;
    focus(): void {
      if (this.record) this.record.focused++;
    }
    getNormalBounds = () => ({ x: 10, y: 20, width: 1440, height: 900 });
    async close(): Promise<void> {
      this.emit('close');
      this.destroyed = true;
      await this.page?.close();
      if (BrowserWindow.getAllWindows().length === 0) app.emit('window-all-closed');
    }
  }

  /** The preload, the bridge of messages, and the guards on what the page asks for. */
  async function wirePage(window: BrowserWindow, page: Page): Promise<void> {
    const eventOf = (frame: Frame) => ({ sender: window.webContents, senderFrame: frameOf(frame) });
    await page.exposeBinding('__send', ({ frame }, channel: string, values: unknown[]) => {
      ipcMain.emit(channel, eventOf(frame), ...values);
    });
    await page.exposeBinding('__invoke', async ({ frame }, channel: string, values: unknown[]) => {
      const listener = invokable.get(channel);
      if (!listener) throw new Error(`nobody handles ${channel}`);
      return listener(eventOf(frame), ...values);
    });
    await page.exposeBinding(
      '__open',
      (_source, url: string) => window.webContents.openHandler({ url }).action,
    );
    const preload = readFileSync(String(window.options.webPreferences.preload), 'utf8');
    await page.addInitScript({ content: preloadScript(preload) });
    let loading = true;
    await page.route('**/*', async (route) => {
      const request = route.request();
      const isTop = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (isTop && !loading && !mayNavigate(window, toApp(request.url()))) return route.abort('aborted');
      loading = false;
      return answer(route);
    });
    page.on('popup', (popup) => void popup.close());
  }

  function mayNavigate(window: BrowserWindow, url: string): boolean {
    let prevented = false;
    const event = { url, isMainFrame: true, preventDefault: () => (prevented = true) };
    window.webContents.emit('will-frame-navigate', event);
    if (!prevented) window.webContents.emit('will-navigate', event, url);
    return !prevented;
  }

  async function answer(route: Route): Promise<void> {
    const url = route.request().url();
    const handler = handlers.get('app');
    if (!url.startsWith(`${STAND_IN_ORIGIN}/`) || !handler) {
      standIn.foreignRequests.push(url);
      return route.abort();
    }
    const response = await handler(new Request(toApp(url), { method: route.request().method() }));
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  function frameOf(frame: Frame): SenderFrame {
    const parent = frame.parentFrame();
    return { url: toApp(frame.url()), parent: parent ? frameOf(parent) : null };
  }

  const session = {
    setPermissionRequestHandler: (handler: Listener) => (standIn.permissions.request = handler),
    setPermissionCheckHandler: (handler: Listener) => (standIn.permissions.check = handler),
    setDevicePermissionHandler: (handler: Listener) => (standIn.permissions.device = handler),
    protocol: {
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
        void handlers.set(scheme, handler),
    },
  };

  let blockers = 0;
  class Notification extends EventEmitter {
    static isSupported = (): boolean => true;
    readonly title: string;
    constructor({ title }: { title: string }) {
      super();
      this.title = title;
    }
    show(): void {
      standIn.notifications.push(this.title);
    }
  }

  const electron = {
    Notification,
    powerSaveBlocker: {
      start: () => (standIn.blockers.add(++blockers), blockers),
      stop: (id: number) => void standIn.blockers.delete(id),
    },
    app,
    BrowserWindow,
    ipcMain,
    session: { defaultSession: session },
    protocol: {
      registerSchemesAsPrivileged: (schemes: { scheme: string; privileges: object }[]) =>
        void calls.push(`protocol.registerSchemesAsPrivileged ${JSON.stringify(schemes)}`),
    },
    dialog: {
      showOpenDialog: async () => {
        const choice = standIn.folderChoices.shift() ?? null;
        return { canceled: choice === null, filePaths: choice === null ? [] : [choice] };
      },
      showMessageBox: async () => ({ response: standIn.messageChoices.shift() ?? 0 }),
      showErrorBox: (title: string, text: string) => void standIn.errorBoxes.push(`${title}: ${text}`),
    },
    shell: {
      openExternal: async (url: string) => void standIn.openedOutside.push(url),
      showItemInFolder: (file: string) => void standIn.revealed.push(file),
    },
    nativeTheme: standIn.nativeTheme,
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    Menu: {
      buildFromTemplate: (template: MenuItem[]) => template,
      setApplicationMenu: (menu: MenuItem[]) => void (standIn.menu = menu),
    },
    utilityProcess: { fork: utilityFork },
  };
  return { standIn, electron, firstWindow };
}

/** A utility process is a plain child of Node here: the same built entry, the other of its two channels. */
function utilityFork(entry: string) {
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  const utility = Object.assign(new EventEmitter(), {
    get pid() {
      return child.pid;
    },
    stdout: child.stdout,
    stderr: child.stderr,
    postMessage: (message: never) => void (child.connected && child.send(message, () => undefined)),
    kill: () => child.kill(),
  });
  child.on('message', (message) => utility.emit('message', message));
  child.on('exit', (code) => utility.emit('exit', code ?? 1));
  return utility;
}

/** Runs the preload as Electron does: before the page's scripts, in the top frame, with `electron` and nothing else. */
function preloadScript(preload: string): string {
  return `(() => {
    if (window !== window.top) return;
    const listeners = new Map();
    const send = window.__send, invoke = window.__invoke, open = window.__open;
    for (const name of ['__send', '__invoke', '__open']) delete window[name];
    Object.defineProperty(window, '__receive', { value: (channel, values) => {
      for (const listener of listeners.get(channel) ?? []) listener({}, ...values);
    } });
    window.open = (url) => { void open(String(new URL(url, location.href))); return null; };
    const electron = {
      webUtils: { getPathForFile: (file) => '/home/ada/' + file.name },
      contextBridge: { exposeInMainWorld: (key, api) => Object.defineProperty(window, key, { value: Object.freeze({ ...api }) }) },
      ipcRenderer: {
        send: (channel, ...values) => void send(channel, values),
        invoke: (channel, ...values) => invoke(channel, values),
        on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
        removeListener: (channel, listener) => listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener)),
      },
    };
    const require = (name) => {
      if (name !== 'electron') throw new Error('a sandboxed preload cannot require ' + name);
      return electron;
    };
    (function (require, module, exports) { ${preload}
    })(require, { exports: {} }, {});
  })()`;
}
