import type { HeldOut, Predictions } from '#shared/train/predictions/types.ts';
import type { Sql } from '../sql.ts';

/** What a checkpoint's network said of the samples of a split. */
export interface StoredPredictions extends Predictions {
  run: string;
  checkpoint: string;
  split: HeldOut;
  datasetSha256: string;
  device: string;
}

interface Row {
  indices: Uint8Array;
  labels: Uint8Array;
  predicted: Uint8Array;
  probability: Uint8Array;
  truth: Uint8Array;
  datasetSha256: string;
  device: string;
}

export type PredictionTable = ReturnType<typeof predictionTable>;

/** Predictions, keyed by (run, checkpoint, split). They go with their checkpoint. */
export function predictionTable(sql: Sql) {
  return {
    add(row: StoredPredictions): void {
      sql.run(
        `INSERT OR REPLACE INTO prediction
           (run, checkpoint, split, indices, labels, predicted, probability, truth, dataset_sha256, device)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        row.run,
        row.checkpoint,
        row.split,
        toBytes(row.indices, 4, (view, at, value) => view.setUint32(at, value, true)),
        row.labels,
        row.predicted,
        toBytes(row.probability, 4, (view, at, value) => view.setFloat32(at, value, true)),
        toBytes(row.truth, 4, (view, at, value) => view.setFloat32(at, value, true)),
        row.datasetSha256,
        row.device,
      );
    },

    find(run: string, checkpoint: string, split: HeldOut): StoredPredictions | undefined {
      const row = sql.get<Row>(
        `SELECT indices, labels, predicted, probability, truth, dataset_sha256 AS "datasetSha256", device
           FROM prediction WHERE run = ? AND checkpoint = ? AND split = ?`,
        run,
        checkpoint,
        split,
      );
      if (!row) return undefined;
      const { datasetSha256, device } = row;
      const words = row.indices.byteLength / 4;
      const read = (bytes: Uint8Array, get: (view: DataView, at: number) => number) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        return Array.from({ length: words }, (_, i) => get(view, 4 * i));
      };
      const floats = (bytes: Uint8Array) =>
        Float32Array.from(read(bytes, (view, at) => view.getFloat32(at, true)));
      return {
        run,
        checkpoint,
        split,
        indices: Uint32Array.from(read(row.indices, (view, at) => view.getUint32(at, true))),
        labels: new Uint8Array(row.labels),
        predicted: new Uint8Array(row.predicted),
        probability: floats(row.probability),
        truth: floats(row.truth),
        datasetSha256,
        device,
      };
    },
  };
}

/** Little endian whatever the machine, so that a data folder can move. */
function toBytes(
  values: ArrayLike<number>,
  size: number,
  set: (view: DataView, at: number, value: number) => void,
): Uint8Array {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) set(view, i * size, values[i] ?? 0);
  return bytes;
}
