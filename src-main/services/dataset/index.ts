export { catalogue } from './catalogue/index.ts';
export type { CatalogueEntry, DatasetSource } from './catalogue/types.ts';
export { listDatasets, readDatasetInfo } from './folder/descriptor.ts';
export { removeDataset } from './folder/remove.ts';
export { loadSamples } from './folder/samples.ts';
export { importDataset, type ImportRequest } from './import.ts';
export { installDataset } from './install.ts';
export { createDatasetService, type DatasetServiceParts } from './service.ts';
export type { WorkHandle } from './work.ts';
