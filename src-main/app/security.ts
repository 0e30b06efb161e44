import { app, shell, type Session, type WebContents } from 'electron';
import { isWindowUrl, mayOpenOutside } from './window-url.ts';

/** A page may write plain text to the clipboard when a person presses "Copy"; it may do nothing else. */
const GRANTED = 'clipboard-sanitized-write';

/** Before the app is ready: every renderer is sandboxed, and every page that is ever made is guarded. */
export function guardEverything(): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

/** No page leaves the window's own address, opens another window or embeds a foreign page. */
function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event, address) => {
    if (isWindowUrl(address)) return;
    event.preventDefault();
    openOutside(address);
  });
  contents.on('will-redirect', (event, address) => {
    if (!isWindowUrl(address)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame && !isWindowUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
}

function openOutside(address: string): void {
  if (mayOpenOutside(address)) void shell.openExternal(address);
}

/** Camera, location, devices, notifications …: all refused, to the window too. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(permission === GRANTED && isWindowUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (contents, permission) => permission === GRANTED && contents !== null && isWindowUrl(contents.getURL()),
  );
  session.setDevicePermissionHandler(() => false);
}
