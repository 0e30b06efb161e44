import type { FORMAT_IDS } from '../../contract/api/export.ts';
import type { BundleFile, Emission } from '../emit/types.ts';
import type { Layout } from './layout.ts';

export type FormatId = (typeof FORMAT_IDS)[number];

/** How a bundle's files are laid out and built: one folder each. */
export interface Format {
  id: FormatId;
  title: string;
  description: string;
  /** Where the parts of the bundle are: what measures and verifies it finds them by this. */
  layout: Layout;
  /** From the parts that every bundle has to the files of this format, with its own build files. */
  arrange(parts: readonly BundleFile[], emission: Emission, flags: readonly string[]): BundleFile[];
  /** How to build and use the bundle: Markdown for its README. Ends with a line break. */
  usage(emission: Emission): string;
}
