import { PIECE_BYTES, type ImportedModel, type MODEL_FORMATS } from '#shared/contract/api/model.ts';
import { host } from '../client/index.ts';
import { fromBase64 } from '../components/image/pixels.ts';

/** Model files to and from the host, in pieces that one message holds. */
export type ModelFormat = (typeof MODEL_FORMATS)[number];
type Source = Parameters<typeof host.call.model.export>[0]['source'];

/** The network in a file. @throws BitsmithError naming the file and what is wrong with it */
export async function sendModel(file: File): Promise<ImportedModel> {
  const upload = crypto.randomUUID();
  for (let from = 0; from === 0 || from < file.size; from += PIECE_BYTES) {
    await host.call.model.upload({ upload, data: await base64Of(file.slice(from, from + PIECE_BYTES)) });
  }
  return host.call.model.import({ upload, name: file.name.slice(0, 300) });
}

/** A network as a file. @throws BitsmithError where it is no sound network */
export async function fetchModel(
  source: Source,
  format: ModelFormat,
): Promise<{ name: string; content: Blob; notes: string[] }> {
  const { download, name, bytes, notes } = await host.call.model.export({ source, format });
  const pieces: BlobPart[] = [];
  for (let from = 0; from < bytes; from += PIECE_BYTES) {
    const { data } = await host.call.model.part({ download, from });
    pieces.push(new Uint8Array(fromBase64(data)));
  }
  return { name, content: new Blob(pieces), notes };
}

function base64Of(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    reader.readAsDataURL(piece);
  });
}
