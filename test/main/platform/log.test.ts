import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '#main/platform/log.ts';
import { temporaryFolder } from '#test/main/store/support/temporary-folder.ts';

describe('the log', () => {
  it('writes level, scope, time and message, and leaves out what is below its level', () => {
    const folder = temporaryFolder();
    const log = createLog({ folder, clock: () => 0 });
    log.write('debug', 'host', 'not this');
    log.write('warning', 'host', 'two\nlines');
    log.close();
    expect(fs.readFileSync(path.join(folder, 'bitsmith.log'), 'utf8')).toBe(
      '1970-01-01T00:00:00.000Z warning [host] two\n    lines\n',
    );
  });

  it('turns over by size and keeps a fixed number of older files, in order', () => {
    const folder = temporaryFolder();
    const log = createLog({ folder, maxBytes: 200, keep: 2, clock: () => 0 });
    for (let i = 0; i < 40; i++) log.write('info', 'host', `line ${i}`);
    log.close();
    expect(fs.readdirSync(folder).sort()).toEqual(['bitsmith.1.log', 'bitsmith.2.log', 'bitsmith.log']);
    const text = ['bitsmith.2.log', 'bitsmith.1.log', 'bitsmith.log']
      .map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
      .join('');
    const numbers = [...text.matchAll(/line (\d+)/g)].map(([, number]) => Number(number));
    expect(numbers.at(-1)).toBe(39);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(fs.statSync(path.join(folder, 'bitsmith.log')).size).toBeLessThanOrEqual(200);
  });

  it('never throws, even where it cannot write', () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    const log = createLog({ folder: path.join(file, 'logs') });
    expect(() => log.write('error', 'host', 'lost')).not.toThrow();
  });
});
