import { protocol, type Session } from 'electron';
import { SECURITY_HEADERS } from '../serve/security.ts';
import { findStaticFile } from '../serve/static-files.ts';
import { isWindowUrl, WINDOW_SCHEME } from './window-url.ts';

/** Before the app is ready: the window's scheme is a standard and secure one, with an origin. */
export function registerWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: WINDOW_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Answers the window's requests with files of `folder`, and with nothing else. */
export function serveWindow(session: Session, folder: string): void {
  session.protocol.handle(WINDOW_SCHEME, (request) => answer(request, folder));
}

async function answer(request: Request, folder: string): Promise<Response> {
  if (!isWindowUrl(request.url) || request.method !== 'GET') return new Response(null, { status: 403 });
  const file = await findStaticFile(folder, new URL(request.url).pathname);
  if (!file) return new Response(null, { status: 404, headers: SECURITY_HEADERS });
  return new Response(new Uint8Array(file.content), {
    headers: { ...SECURITY_HEADERS, 'content-type': file.type, 'cache-control': 'no-cache' },
  });
}
