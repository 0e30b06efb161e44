import { SettingsSchema, type Settings } from '#shared/settings/settings.ts';
import type { Sql } from '../sql.ts';

export type SettingTable = ReturnType<typeof settingTable>;

/** Settings by name. What is missing, or of a form that this version does not know, has its default. */
export function settingTable(sql: Sql) {
  return {
    read(): Settings {
      const known = Object.keys(SettingsSchema.shape);
      const rows = sql.all<{ name: string; value: string }>('SELECT name, value FROM setting');
      const stored = rows.filter(({ name }) => known.includes(name));
      return SettingsSchema.parse(
        Object.fromEntries(stored.map(({ name, value }) => [name, JSON.parse(value) as unknown])),
      );
    },
    write(patch: Partial<Settings>): void {
      sql.transaction(() => {
        for (const [name, value] of Object.entries(patch)) {
          sql.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', name, JSON.stringify(value));
        }
      });
    },
  };
}
