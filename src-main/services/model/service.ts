import { randomUUID } from 'node:crypto';
import type { ServiceOf } from '#shared/contract/api.ts';
import { PIECE_BYTES, type modelApi } from '#shared/contract/api/model.ts';
import { exportModel, type TrainedNetwork } from './export-model.ts';
import { importModel } from './import-model.ts';
import { createTransfers } from './transfers.ts';

/** Networks as files. @param trained the network of a run with a checkpoint's numbers */
export function createModelService(options: {
  version: string;
  trained(run: string, checkpoint: string | undefined): TrainedNetwork;
}): ServiceOf<typeof modelApi> {
  const uploads = createTransfers();
  const downloads = createTransfers();
  return {
    upload: ({ upload, data }) => ({ bytes: uploads.append(upload, Buffer.from(data, 'base64')) }),
    import({ upload, name }) {
      const bytes = uploads.get(upload);
      uploads.remove(upload);
      return importModel(bytes, name);
    },
    export({ source, format }) {
      const { name, bytes, notes } = exportModel({ source, format, ...options });
      const download = randomUUID();
      downloads.put(download, bytes);
      return { download, name, bytes: bytes.length, notes };
    },
    part({ download, from }) {
      const bytes = downloads.get(download);
      return { data: Buffer.from(bytes.subarray(from, from + PIECE_BYTES)).toString('base64') };
    },
  };
}
