import { useColorMode, usePreferredDark } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import type { ThemeChoice } from '#shared/contract/wire/bridge.ts';
import { shell } from '../client/index.ts';

/** Light, dark or as the system says; kept by this window, and told to the desktop shell for its own parts. */
export const useThemeStore = defineStore('theme', () => {
  const mode = useColorMode({ emitAuto: true, storageKey: 'bitsmith-theme' });
  const systemDark = usePreferredDark();
  const choice = computed<ThemeChoice>({
    get: () => (mode.value === 'auto' ? 'system' : mode.value),
    set: (value) => (mode.value = value === 'system' ? 'auto' : value),
  });
  const dark = computed(() => (choice.value === 'system' ? systemDark.value : choice.value === 'dark'));
  watch(choice, (value) => shell?.setTheme(value), { immediate: true });
  return { choice, dark };
});
