import { BitsmithError } from '#shared/base/errors.ts';
import type { ImportPreview } from '#shared/contract/api/dataset.ts';
import { assemble } from '#shared/dataset/assembly.ts';
import { classNamesProblem } from '#shared/dataset/name.ts';
import { configured } from '#shared/dataset/options.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import { openPlace } from './folder/place.ts';
import { readPlan } from './folder/read-plan.ts';
import type { ImportRequest } from './import.ts';
import { partOf, type WorkHandle } from './work.ts';

const SHOWN = 24;
const LISTED_FILES = 50;
const SHOWN_BYTES = 1 << 18;

/**
 * Reads a data set as an import would and keeps nothing but its first samples.
 *
 * @throws BitsmithError as `importDataset`
 */
export async function rehearseImport(
  dataFolder: string,
  request: Pick<ImportRequest, 'path' | 'kind' | 'classes' | 'options'>,
  work: WorkHandle,
): Promise<ImportPreview> {
  const { kind, classes, options = {} } = request;
  const format = configured(datasetFormat(kind), options);
  const problem = classes ? classNamesProblem(classes) : null;
  if (problem) throw new BitsmithError('invalid-input', problem);
  const place = await openPlace(dataFolder, request.path, 'rehearsal', work);
  try {
    const first = { images: new Beginning(SHOWN_BYTES), labels: new Beginning(SHOWN) };
    const assembly = assemble(
      format,
      (split, part, bytes) => {
        if (split === 'train') first[part].add(bytes);
      },
      classes,
    );
    await readPlan(format.plan(place.files, place.where), place.folder, assembly, partOf(work, 0.1, 1));
    const found = assembly.finish();
    const [height, width, channels] = found.shape;
    const size = height * width * channels;
    const images = first.images.bytes();
    const shown = Math.min(SHOWN, found.train, Math.floor(images.length / size));
    return {
      shape: [height, width, channels],
      classes: [...found.classes],
      train: found.train,
      test: found.test,
      classCounts: { train: [...found.classCounts.train], test: [...found.classCounts.test] },
      features: found.features ? found.features.map((one) => ({ ...one })) : null,
      sound: found.sound ?? null,
      notes: [...found.notes],
      unreadable: { count: found.unreadable.length, files: found.unreadable.slice(0, LISTED_FILES) },
      origins: found.origins ? found.origins.train.slice(0, shown) : null,
      labels: [...first.labels.bytes().subarray(0, shown)],
      pixels: Buffer.from(images.subarray(0, shown * size)).toString('base64'),
    };
  } finally {
    place.close();
  }
}

/** The first bytes of what comes in pieces. */
class Beginning {
  readonly #buffer: Uint8Array;
  #used = 0;

  constructor(limit: number) {
    this.#buffer = new Uint8Array(limit);
  }

  add(piece: Uint8Array): void {
    const taken = piece.subarray(0, this.#buffer.length - this.#used);
    this.#buffer.set(taken, this.#used);
    this.#used += taken.length;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }
}
