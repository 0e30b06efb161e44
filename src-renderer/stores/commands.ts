import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

/** Something that the command palette, a shortcut or the native menu can do. */
export interface Command {
  /** Stable: the native menu names commands by it. */
  id: string;
  label: string;
  icon: string;
  /** `['ctrl', 'enter']`, `['alt', '1']`, `['?']`; `ctrl` is the Command key on a Mac. */
  keys?: readonly string[];
  /** More words that it is found by. */
  suffix?: string;
  /** What the palette does not list: a shortcut that only makes sense where it is. */
  hidden?: boolean;
  disabled?: boolean;
  /** Its keys only work where the focus is on what they are about; that part answers them by itself. */
  local?: boolean;
  run(): void;
}

export interface CommandGroup {
  id: string;
  label: string;
  items: readonly Command[];
}

/** Every command that can be given now: those of the frame, and those of the page that is open. */
export const useCommandsStore = defineStore('commands', () => {
  const sources = shallowRef<readonly (() => CommandGroup[])[]>([]);
  const groups = computed(() => sources.value.flatMap((source) => source()));

  /** Adds commands; the result takes them away again. The last ones come first: they are of the page. */
  function add(source: () => CommandGroup[]): () => void {
    sources.value = [source, ...sources.value];
    return () => (sources.value = sources.value.filter((one) => one !== source));
  }
  function find(id: string): Command | undefined {
    return groups.value.flatMap(({ items }) => items).find((item) => item.id === id && !item.disabled);
  }
  return { groups, add, find };
});
