export { exportModel, type ModelFile, type TrainedNetwork } from './export-model.ts';
export { importModel } from './import-model.ts';
export { createModelService } from './service.ts';
export { trainedNetwork } from './trained-network.ts';
