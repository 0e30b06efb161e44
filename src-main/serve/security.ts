import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The window may run its own scripts and talk to its own host, and nothing else. The same words as in the shell. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Vue and ECharts set inline styles; a style cannot run code.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()',
};

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/**
 * Why a request is refused before anything else is looked at, or null. A page elsewhere can make a browser send
 * requests here (DNS rebinding gives a foreign Host, a foreign page gives a foreign Origin). The port of the Host is
 * left free, because people forward ports with ssh.
 */
export function refusalOf(request: IncomingMessage): string | null {
  if (!LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '')) return 'only this computer may connect';
  const host = request.headers.host ?? '';
  if (!LOOPBACK_HOST.test(host)) return 'the Host header does not name this computer';
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) return 'the Origin header names another site';
  return null;
}

/** Compares two secrets in a time that does not depend on where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Value of a cookie, or an empty text. */
export function cookieOf(request: IncomingMessage, name: string): string {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return '';
}
