/** The window's own address. A scheme of its own instead of `file:`, so that it has an origin and no reach. */
export const WINDOW_SCHEME = 'app';
export const WINDOW_ORIGIN = `${WINDOW_SCHEME}://bitsmith`;
export const WINDOW_URL = `${WINDOW_ORIGIN}/index.html`;

/** Whether an address belongs to the window itself. */
export function isWindowUrl(address: string): boolean {
  const url = parse(address);
  return url !== null && url.protocol === `${WINDOW_SCHEME}:` && url.host === 'bitsmith';
}

/** Sites that the window links to: papers, data sets, toolchains. Nothing else is handed to the browser. */
const LINKED_SITES: ReadonlySet<string> = new Set([
  'arxiv.org',
  'doi.org',
  'openreview.net',
  'proceedings.neurips.cc',
  'papers.nips.cc',
  'github.com',
  'nodejs.org',
  'www.electronjs.org',
  'yann.lecun.com',
  'www.cs.toronto.edu',
  'developer.arm.com',
  'www.qemu.org',
]);

/** Whether the shell opens an address in the person's browser. */
export function mayOpenOutside(address: string): boolean {
  const url = parse(address);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  return url.port === '' && LINKED_SITES.has(url.hostname);
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
