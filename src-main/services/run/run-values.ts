import type { ServiceOf } from '#shared/contract/api.ts';
import type { runApi, RunValue } from '#shared/contract/api/run.ts';
import { configLeaves } from '#shared/run/compare/config-diff.ts';
import { CONFIG_PREFIX, METRIC_PREFIX } from '#shared/run/filter/fields.ts';
import type { Store } from '#main/store/index.ts';

/** Values of a configuration field that are offered to choose from. */
const MOST_EXAMPLES = 12;
const LONGEST_EXAMPLE = 60;
/** Configurations that are read at a stretch: other work of the host waits no longer than that. */
const CHUNK = 100;

/**
 * Fields of configurations and metrics over all runs. A configuration never changes, so each is read once for the names
 * and once for a field's values.
 */
export function runValues(store: Store): Pick<ServiceOf<typeof runApi>, 'fields' | 'values'> {
  const seen = new Set<string>();
  const examples = new Map<string, Set<string>>();
  const columns = new Map<string, Map<string, RunValue>>();

  async function inChunks(runs: readonly string[], work: (run: string) => void): Promise<void> {
    for (let from = 0; from < runs.length; from += CHUNK) {
      if (from > 0) await new Promise((resolve) => setImmediate(resolve));
      for (const run of runs.slice(from, from + CHUNK)) work(run);
    }
  }

  function learn(run: string): void {
    seen.add(run);
    for (const [path, value] of configLeaves(store.runs.config(run))) {
      const known = examples.get(path) ?? new Set();
      examples.set(path, known);
      const text = String(single(value));
      if (known.size < MOST_EXAMPLES && text.length <= LONGEST_EXAMPLE) known.add(text);
    }
  }

  /** The values of configuration fields that are not known yet. */
  async function readConfigs(paths: readonly string[], runs: readonly string[]): Promise<void> {
    const wanted = paths.map((path) => {
      const column = columns.get(path) ?? new Map<string, RunValue>();
      columns.set(path, column);
      return { path, column };
    });
    const unread = runs.filter((run) => wanted.some(({ column }) => !column.has(run)));
    await inChunks(unread, (run) => {
      const leaves = new Map(configLeaves(store.runs.config(run)));
      for (const { path, column } of wanted) column.set(run, single(leaves.get(path)));
    });
  }

  return {
    async fields() {
      await inChunks(
        store.runs.ids().filter((run) => !seen.has(run)),
        learn,
      );
      return {
        config: [...examples].map(([path, values]) => ({ path, values: [...values].toSorted() })),
        metrics: store.series.allNames(),
      };
    },
    async values({ fields, runs }) {
      const ids = runs ?? store.runs.ids();
      const paths = fields.filter((field) => field.startsWith(CONFIG_PREFIX));
      await readConfigs(
        paths.map((field) => field.slice(CONFIG_PREFIX.length)),
        ids,
      );
      return {
        runs: ids,
        columns: fields.map((field) => {
          if (field.startsWith(METRIC_PREFIX)) {
            const last = store.series.lastValues(field.slice(METRIC_PREFIX.length), runs);
            return { field, values: ids.map((run) => last.get(run) ?? null) };
          }
          const column = columns.get(field.slice(CONFIG_PREFIX.length));
          return { field, values: ids.map((run) => column?.get(run) ?? null) };
        }),
      };
    },
  };
}

function single(value: unknown): RunValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}
