import { describe, expect, it } from 'vitest';
import { isWindowUrl, mayOpenOutside, WINDOW_URL } from '#main/app/window-url.ts';

describe('isWindowUrl', () => {
  it('knows the window', () => {
    expect(isWindowUrl(WINDOW_URL)).toBe(true);
    expect(isWindowUrl('app://bitsmith/#/runs')).toBe(true);
  });
  it.each([
    'app://evil/index.html',
    'app://bitsmith.evil/',
    'file:///etc/passwd',
    'https://bitsmith/',
    'about:blank',
    'javascript:alert(1)',
    'data:text/html,x',
    '',
    'no address',
  ])('refuses %j', (address) => expect(isWindowUrl(address)).toBe(false));
});

describe('mayOpenOutside', () => {
  it('opens papers and data sets', () => {
    expect(mayOpenOutside('https://arxiv.org/abs/1605.04711')).toBe(true);
    expect(mayOpenOutside('https://doi.org/10.1145/2063384.2063405')).toBe(true);
  });
  it.each([
    'http://arxiv.org/abs/1605.04711',
    'https://arxiv.org.evil.example/',
    'https://evil.example/?https://arxiv.org',
    'https://arxiv.org@evil.example/',
    'https://user:secret@arxiv.org/',
    'https://arxiv.org:8443/',
    'file:///usr/bin/true',
    'ms-msdt:/id',
    'javascript:alert(1)',
    '',
  ])('does not open %j', (address) => expect(mayOpenOutside(address)).toBe(false));
});
