import { BitsmithError } from '#shared/base/errors.ts';
import type { Services } from '#shared/contract/index.ts';
import { summarizeDraft, type Draft } from '#shared/draft/draft.ts';
import { SettingsSchema, type Settings } from '#shared/settings/settings.ts';

/** Drafts and settings in memory, with the rules of the real store. */
export function fakeDrafts(push: (topic: 'drafts-changed' | 'settings-changed', payload: unknown) => void): {
  draft: Services['draft'];
  setting: Services['setting'];
} {
  const drafts = new Map<string, { draft: Draft; updatedAt: string }>();
  let settings: Settings = SettingsSchema.parse({});
  let clock = Date.UTC(2026, 5, 1);
  return {
    draft: {
      list: () =>
        [...drafts.values()]
          .toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
          .map(({ draft, updatedAt }) => summarizeDraft(draft, updatedAt)),
      read({ draft }) {
        const found = drafts.get(draft);
        if (!found) throw new BitsmithError('not-found', `there is no draft "${draft}"`, { draft });
        return found.draft;
      },
      write({ draft }) {
        const before = drafts.get(draft.id)?.draft.revision;
        if (before !== undefined && before !== draft.revision) {
          throw new BitsmithError('conflict', `draft "${draft.id}" was changed in another window meanwhile`, {
            draft: draft.id,
            revision: before,
          });
        }
        const revision = draft.revision + 1;
        clock += 1000;
        drafts.set(draft.id, {
          draft: { ...draft, revision },
          updatedAt: new Date(clock).toISOString(),
        });
        push('drafts-changed', { draft: draft.id });
        return { revision };
      },
      remove({ draft }) {
        drafts.delete(draft);
        push('drafts-changed', { draft });
        return {};
      },
    },
    setting: {
      read: () => settings,
      write({ patch }) {
        settings = SettingsSchema.parse({ ...settings, ...patch });
        push('settings-changed', {});
        return settings;
      },
    },
  };
}
