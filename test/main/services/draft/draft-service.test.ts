import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DraftSchema, type Draft } from '#shared/draft/draft.ts';
import { SettingsSchema } from '#shared/settings/settings.ts';
import { createDraftService } from '#main/services/draft/index.ts';
import { createSettingService } from '#main/services/setting/index.ts';
import { openStore, type Store } from '#main/store/index.ts';
import { temporaryDataFolder } from '../../store/support/temporary-folder.ts';

let folder: ReturnType<typeof temporaryDataFolder>;
let store: Store;
let pushed: string[];
let drafts: ReturnType<typeof createDraftService>;
let time = 0;

function open(): void {
  store = openStore({ dataFolder: folder, mode: 'write' });
  drafts = createDraftService({
    store,
    publish: (topic) => pushed.push(topic),
    clock: () => (time += 1000),
  });
}
beforeEach(() => {
  folder = temporaryDataFolder();
  pushed = [];
  open();
});
afterEach(() => store.close());

const draft = (id: string, over: Partial<Draft> = {}): Draft =>
  DraftSchema.parse({ id, revision: 0, document: { name: id }, ...over });

describe('drafts', () => {
  it('are kept as they are, however wrong, and listed with the newest change first', async () => {
    const wrong = draft('a', {
      document: { name: 7, dataset: 'x', model: { preset: 'nowhere' } },
      unreadable: { model: '{ "layers": [' },
      replicates: 'many',
      parent: { run: 'r', checkpoint: null },
    });
    expect(await drafts.write({ draft: wrong })).toEqual({ revision: 1 });
    await drafts.write({ draft: draft('b') });
    expect(await drafts.read({ draft: 'a' })).toEqual({ ...wrong, revision: 1 });
    expect((await drafts.list({})).map(({ id, name, model }) => [id, name, model])).toEqual([
      ['b', 'b', ''],
      ['a', 'untitled', 'nowhere'],
    ]);
    await drafts.write({ draft: { ...wrong, revision: 1 } });
    expect((await drafts.list({})).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(pushed).toEqual(['drafts-changed', 'drafts-changed', 'drafts-changed']);
  });

  it('survive the end of the store', async () => {
    await drafts.write({ draft: draft('a', { document: { name: 'kept' } }) });
    store.close();
    open();
    expect((await drafts.read({ draft: 'a' })).document).toEqual({ name: 'kept' });
  });

  it('changed elsewhere meanwhile are not written over', async () => {
    await drafts.write({ draft: draft('a') });
    await drafts.write({ draft: draft('a', { revision: 1, document: { name: 'theirs' } }) });
    const mine = draft('a', { revision: 1, document: { name: 'mine' } });
    expect(() => drafts.write({ draft: mine })).toThrow(
      expect.objectContaining({ code: 'conflict', details: { draft: 'a', revision: 2 } }),
    );
    expect((await drafts.read({ draft: 'a' })).document).toEqual({ name: 'theirs' });
    expect(await drafts.write({ draft: { ...mine, revision: 2 } })).toEqual({ revision: 3 });
  });

  it('are removed, and brought back by writing them again', async () => {
    await drafts.write({ draft: draft('a') });
    const gone = DraftSchema.parse(await drafts.read({ draft: 'a' }));
    await drafts.remove({ draft: 'a' });
    expect(() => drafts.read({ draft: 'a' })).toThrow('there is no draft "a"');
    await drafts.write({ draft: gone });
    expect((await drafts.read({ draft: 'a' })).document).toEqual(gone.document);
  });
});

describe('settings', () => {
  it('have their defaults until they are changed, one by one', async () => {
    const settings = createSettingService({ store, publish: (topic) => pushed.push(topic) });
    expect(await settings.read({})).toEqual(SettingsSchema.parse({}));
    await settings.write({ patch: { notifications: false } });
    store.close();
    open();
    const again = createSettingService({ store, publish: () => undefined });
    expect(await again.read({})).toEqual({ ...SettingsSchema.parse({}), notifications: false });
    expect(pushed).toEqual(['settings-changed']);
  });
});
