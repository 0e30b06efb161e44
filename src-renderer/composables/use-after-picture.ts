import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue';

/**
 * True once the picture after `wanted` became true is on the screen, false as soon as it is not wanted any more. For what
 * takes long to build: the click that asks for it is answered first.
 */
export function useAfterPicture(wanted: () => boolean): Readonly<Ref<boolean>> {
  const ready = ref(false);
  let frame = 0;
  let turn: ReturnType<typeof setTimeout> | undefined;
  const forget = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(turn);
  };
  watch(
    wanted,
    (now) => {
      forget();
      if (!now) ready.value = false;
      // A frame's callbacks run before its picture, a timer that they set after it.
      else frame = requestAnimationFrame(() => (turn = setTimeout(() => (ready.value = true))));
    },
    { immediate: true },
  );
  onScopeDispose(forget);
  return readonly(ready);
}
