import type { ChartTheme } from './option-parts.ts';

let known: { key: string; theme: ChartTheme } | undefined;

/** The window's colours now. Working them out costs a layout, so that it is done once for each look of the window. */
export function readTheme(dark: boolean): ChartTheme {
  const key = `${dark} ${document.documentElement.className} ${document.documentElement.style.cssText}`;
  if (known?.key === key) return known.theme;
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => resolved(style.getPropertyValue(name).trim());
  const theme = {
    dark,
    text: read('--ui-text-muted'),
    grid: read('--app-grid'),
    panel: read('--ui-bg'),
    font: getComputedStyle(document.body).fontFamily,
  };
  known = { key, theme };
  return theme;
}

/** A canvas does not know `var()`: let the browser work the colour out. */
function resolved(colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
