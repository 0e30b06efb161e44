import { defineStore } from 'pinia';
import { ref } from 'vue';
import { host } from '../client/index.ts';

/** Whether the host can be reached now. `lost` stays true until the connection is open again. */
export const useConnectionStore = defineStore('connection', () => {
  const state = ref(host.state);
  const lost = ref(false);
  host.onState((next) => {
    state.value = next;
    if (next === 'open') lost.value = false;
    if (next === 'waiting') lost.value = true;
  });
  return { state, lost, retry: () => host.retry() };
});
