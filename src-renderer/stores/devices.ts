import { defineStore } from 'pinia';
import { computed } from 'vue';
import { host } from '../client/index.ts';
import { useQuery } from '../composables/use-query.ts';

/** The back ends that the host found, and why others are missing. */
export const useDevicesStore = defineStore('devices', () => {
  const query = useQuery({ initial: [], load: () => host.call.device.list({}) });
  const available = computed(() => query.data.value.filter((device) => device.available));
  async function probeAgain(): Promise<void> {
    await host.call.device.list({ fresh: true });
    await query.refresh();
  }
  return { ...query, available, probeAgain };
});
