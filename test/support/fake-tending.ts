import { BitsmithError } from '#shared/base/errors.ts';
import type { RunValue } from '#shared/contract/api/run.ts';
import type { Services } from '#shared/contract/index.ts';
import type { TopicName } from '#shared/contract/topics/index.ts';
import { configLeaves } from '#shared/run/compare/config-diff.ts';
import { CONFIG_PREFIX, METRIC_PREFIX } from '#shared/run/filter/fields.ts';
import { changedTags } from '#shared/run/tags.ts';
import { assertDeletable } from '#shared/run/trash.ts';
import { seriesOf, type FakeRun } from './fake-runs.ts';

type Tending = Pick<
  Services['run'],
  'update' | 'delete' | 'deleted' | 'restore' | 'purge' | 'archive' | 'tag' | 'fields' | 'values'
>;

/** Names, tags, archive, trash and field values of runs in memory, by the rules of the real host. */
export function fakeTending(
  runs: FakeRun[],
  find: (id: string) => FakeRun,
  push: (topic: TopicName, payload: unknown) => void,
): Tending {
  const trash: { run: FakeRun; deletedAt: string }[] = [];
  const tell = (ids: readonly string[]) => {
    for (const run of ids.length > 20 ? [null] : ids) push('runs-changed', { run });
  };
  const byAge = (a: FakeRun, b: FakeRun) => (a.summary.createdAt < b.summary.createdAt ? 1 : -1);
  function takeFromTrash(ids: readonly string[]): FakeRun[] {
    return ids.map((id) => {
      const index = trash.findIndex(({ run }) => run.summary.id === id);
      const [found] = index < 0 ? [] : trash.splice(index, 1);
      if (!found) throw new BitsmithError('not-found', `there is no deleted run "${id}"`, { run: id });
      return found.run;
    });
  }

  return {
    update: ({ run, ...changes }) => {
      Object.assign(find(run).summary, changes);
      tell([run]);
      return find(run).summary;
    },
    delete: ({ runs: ids }) => {
      const doomed = ids.map(find);
      assertDeletable(doomed.map(({ summary }) => summary));
      const gone = new Set(doomed);
      const deletedAt = new Date().toISOString();
      trash.unshift(...doomed.map((run) => ({ run, deletedAt })));
      runs.splice(0, runs.length, ...runs.filter((run) => !gone.has(run)));
      tell(ids);
      return {};
    },
    deleted: () => trash.map(({ run, deletedAt }) => ({ run: run.summary, deletedAt })),
    restore: ({ runs: ids }) => {
      const back = takeFromTrash(ids);
      runs.push(...back);
      runs.sort(byAge);
      tell(ids);
      return back.map(({ summary }) => summary);
    },
    purge: ({ runs: ids }) => {
      takeFromTrash(ids);
      return {};
    },
    archive: ({ runs: ids, archived }) => {
      const changed = ids.map((id) => Object.assign(find(id).summary, { archived }));
      tell(ids);
      return changed;
    },
    tag: ({ runs: ids, add, remove }) => {
      const changed = ids.map((id) => {
        const { summary } = find(id);
        return Object.assign(summary, { tags: changedTags(summary, { add, remove }) });
      });
      tell(ids);
      return changed;
    },
    fields: () => {
      const examples = new Map<string, Set<string>>();
      for (const { config } of runs) {
        for (const [path, value] of configLeaves(config)) {
          examples.set(path, (examples.get(path) ?? new Set()).add(String(single(value))));
        }
      }
      const named = runs.find(({ summary }) => summary.status === 'finished');
      return {
        config: [...examples].map(([path, values]) => ({
          path,
          values: [...values].slice(0, 12).toSorted(),
        })),
        metrics: named ? [...seriesOf(named).keys()].toSorted() : [],
      };
    },
    values: ({ fields, runs: ids }) => {
      const asked = ids ? ids.flatMap((id) => runs.find(({ summary }) => summary.id === id) ?? []) : runs;
      return {
        runs: asked.map(({ summary }) => summary.id),
        columns: fields.map((field) => ({ field, values: asked.map((run) => valueOf(run, field)) })),
      };
    },
  };
}

function valueOf(run: FakeRun, field: string): RunValue {
  if (field.startsWith(METRIC_PREFIX)) {
    return seriesOf(run).get(field.slice(METRIC_PREFIX.length))?.value.at(-1) ?? null;
  }
  const path = field.slice(CONFIG_PREFIX.length);
  return single(configLeaves(run.config).find(([leaf]) => leaf === path)?.[1]);
}

function single(value: unknown): RunValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}
