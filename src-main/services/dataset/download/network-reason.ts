import { messageOf } from '#shared/base/errors.ts';

const REASONS: Record<string, string> = {
  ENOTFOUND: 'its host name cannot be resolved',
  EAI_AGAIN: 'its host name cannot be resolved now',
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no network',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer',
  UND_ERR_BODY_TIMEOUT: 'the connection broke',
};

/** Why a request failed, in words; looks through the wrappers of `fetch`. */
export function networkReason(error: unknown): string {
  for (const link of chain(error)) {
    const code = 'code' in link ? String(link.code) : '';
    if (REASONS[code]) return REASONS[code];
    if (/^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code))
      return `its certificate is not trusted (${code})`;
  }
  return messageOf(chain(error).at(-1) ?? error);
}

/** True when trying again may help: the connection was there and broke. */
export function isBrokenConnection(error: unknown): boolean {
  return chain(error).some(
    (link) =>
      ('code' in link &&
        ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT'].includes(String(link.code))) ||
      link.message === 'terminated',
  );
}

/** An error, its causes, and the first of several that happened at once. */
function chain(error: unknown): Error[] {
  const links: Error[] = [];
  for (let link: unknown = error; link instanceof Error && links.length < 8;) {
    links.push(link);
    link = link instanceof AggregateError && link.errors.length > 0 ? link.errors[0] : link.cause;
  }
  return links;
}
