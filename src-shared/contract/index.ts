import type { ClientOf, ServiceOf } from './api.ts';
import { appApi } from './api/app.ts';
import { catalogueApi } from './api/catalogue.ts';
import { confusionApi } from './api/confusion.ts';
import { datasetApi } from './api/dataset.ts';
import { deviceApi } from './api/device.ts';
import { draftApi } from './api/draft.ts';
import { exportApi } from './api/export.ts';
import { modelApi } from './api/model.ts';
import { runApi } from './api/run.ts';
import { searchApi } from './api/search.ts';
import { settingApi } from './api/setting.ts';
import { taskApi } from './api/task.ts';

/** Every feature that the window can call. A new call: one file in `api/`, one line here. */
export const contract = {
  app: appApi,
  catalogue: catalogueApi,
  confusion: confusionApi,
  dataset: datasetApi,
  device: deviceApi,
  draft: draftApi,
  export: exportApi,
  model: modelApi,
  run: runApi,
  search: searchApi,
  setting: settingApi,
  task: taskApi,
};
export type Contract = typeof contract;

/** What the host provides. */
export type Services = { [F in keyof Contract]: ServiceOf<Contract[F]> };
/** What the window gets. */
export type Client = { [F in keyof Contract]: ClientOf<Contract[F]> };
