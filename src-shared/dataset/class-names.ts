/** Class names in the order of their labels: by number where all are whole numbers, else by their characters. */
export function sortClasses(names: Iterable<string>): string[] {
  const list = [...new Set(names)];
  const numbers = list.every((name) => /^-?\d{1,15}$/.test(name));
  return list.sort((a, b) => (numbers ? Number(a) - Number(b) : 0) || (a < b ? -1 : a > b ? 1 : 0));
}
