import type { Migration } from './migration.ts';

/** What a checkpoint's network says of each sample of a split: kept, since it takes a while to compute. */
export const predictions: Migration = {
  name: '0008-predictions',
  up(sql) {
    sql.script(`
      CREATE TABLE prediction (
        run TEXT NOT NULL,
        checkpoint TEXT NOT NULL,
        split TEXT NOT NULL CHECK (split IN ('validation', 'test')),
        indices BLOB NOT NULL,             -- uint32, little endian: samples of the data set's part
        labels BLOB NOT NULL,              -- uint8
        predicted BLOB NOT NULL,           -- uint8
        probability BLOB NOT NULL,         -- float32, little endian: of the class that was predicted
        truth BLOB NOT NULL,               -- float32, little endian: of the class that it is
        dataset_sha256 TEXT NOT NULL,      -- of the data set that was looked at
        device TEXT NOT NULL,
        PRIMARY KEY (run, checkpoint, split),
        FOREIGN KEY (run, checkpoint) REFERENCES checkpoint (run, id) ON DELETE CASCADE
      ) STRICT;
    `);
  },
};
