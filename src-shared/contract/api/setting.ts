import { z } from 'zod';
import { SettingsPatchSchema, SettingsSchema } from '../../settings/settings.ts';
import { call, type Feature } from '../api.ts';

export const settingApi = {
  read: call(z.strictObject({}), SettingsSchema),
  /** Changes the settings that are given; the answer has all. */
  write: call(z.strictObject({ patch: SettingsPatchSchema }), SettingsSchema),
} satisfies Feature;
