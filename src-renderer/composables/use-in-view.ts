import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Whether an element is on screen, or nearly so. */
export function useInView(element: Ref<HTMLElement | null | undefined>, margin = 240): Ref<boolean> {
  const inView = ref(false);
  let observer: IntersectionObserver | undefined;
  onMounted(() => {
    if (!element.value) return;
    observer = new IntersectionObserver(
      (entries) => (inView.value = entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: `${margin}px` },
    );
    observer.observe(element.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return inView;
}
