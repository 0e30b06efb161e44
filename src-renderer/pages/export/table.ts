/** A table of texts: what `PlainTable.vue` shows. */
export interface TextTable {
  /** What it is about; also its name for those who cannot see it. */
  caption: string;
  heads: { title: string; text?: boolean }[];
  /** The first cell of a row is its heading. */
  rows: string[][];
}
