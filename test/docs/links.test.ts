import * as fs from 'node:fs';
import * as path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { SCENE_NAMES, SIZES, THEMES } from '#test/e2e/fixtures/scenes.ts';

const SKIPPED = new Set(['node_modules', 'out', 'dist', '.git', 'shared']);
const PICTURES = 'docs/screenshots';

/** Every Markdown file that is committed. */
function documents(folder = '.'): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : documents(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

/** Where a document points to, on this disk. */
function targetsOf(text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)].map(([, target]) => target ?? '');
  const tags = [...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g)].map(([, target]) => target ?? '');
  return [...links, ...tags].filter((target) => !/^[a-z]+:/i.test(target));
}

/** The anchors of its headings, as code hosts make them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documents', () => {
  it.each(documents())('%s points at what exists', (file) => {
    const text = fs.readFileSync(file, 'utf8');
    const broken = targetsOf(text).filter((target) => {
      const [name = '', anchor] = target.split('#');
      const place = name === '' ? file : path.join(path.dirname(file), decodeURI(name));
      if (!fs.existsSync(place)) return true;
      return Boolean(anchor) && place.endsWith('.md')
        ? !anchorsOf(fs.readFileSync(place, 'utf8')).includes(anchor ?? '')
        : false;
    });
    expect(broken).toEqual([]);
  });

  it('show every page: the guide has a picture of each scene', () => {
    const guide = documents('docs/guide')
      .map((file) => fs.readFileSync(file, 'utf8'))
      .join('\n');
    expect(SCENE_NAMES.filter((name) => !guide.includes(`/${name}-light.png`))).toEqual([]);
  });
});

describe('the pictures', () => {
  const expected = SCENE_NAMES.flatMap((name) =>
    THEMES.flatMap((theme) => SIZES.map((size) => ({ file: `${name}-${theme}${size.suffix}.png`, ...size }))),
  );

  it('are those of the scenes, all of them and no other', () => {
    expect(fs.readdirSync(PICTURES).toSorted()).toEqual(expected.map(({ file }) => file).toSorted());
  });

  it('have the size that their name says, and are small', async () => {
    let bytes = 0;
    for (const { file, width, height } of expected) {
      const picture = path.join(PICTURES, file);
      const facts = await sharp(picture).metadata();
      expect([file, facts.width, facts.height]).toEqual([file, width, height]);
      bytes += fs.statSync(picture).size;
    }
    expect(bytes).toBeLessThan(14_000_000);
  });
});
