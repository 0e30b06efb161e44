import { createRequire } from 'node:module';

/** Loaded before the program: the database may not grow by a single page once it is open and up to date. */
const Database = createRequire(import.meta.url)('better-sqlite3');
const { transaction } = Database.prototype;

Database.prototype.transaction = function (work) {
  const run = transaction.call(this, work);
  const limited = (...args) => {
    const free = this.pragma('freelist_count', { simple: true });
    if (free === 0) this.pragma(`max_page_count = ${this.pragma('page_count', { simple: true })}`);
    return run(...args);
  };
  return Object.assign(limited, { immediate: limited, deferred: limited, exclusive: limited });
};
