import { cifar10 } from './cifar-10.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { mnist } from './mnist.ts';
import type { CatalogueEntry } from './types.ts';

/** Every data set that can be downloaded. A new one: a file here, one line in this list. */
export const catalogue: readonly CatalogueEntry[] = [mnist, fashionMnist, cifar10];
