/** What a data set may be called; it is also the name of its folder. */
export const DATASET_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** What is wrong with these class names, or null. */
export function classNamesProblem(classes: readonly string[]): string | null {
  if (classes.length < 2 || classes.length > 256) {
    return `a data set has 2 to 256 classes; ${classes.length} ${classes.length === 1 ? 'was' : 'were'} named`;
  }
  const wrong = classes.find((label, i) => classes.indexOf(label) !== i || label.trim() === '');
  return wrong === undefined ? null : `the class name "${wrong}" is empty or occurs twice`;
}

/** The name that a file or folder suggests, e.g. `My Digits.tar.gz` → `my-digits`; `data` when nothing of it fits. */
export function suggestedName(path: string): string {
  const last = path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  const name = last
    .replace(/\.(tar\.gz|tgz|tar)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'data' : name;
}
