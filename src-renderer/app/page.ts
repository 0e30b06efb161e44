import type { Component } from 'vue';

/** A page, as it registers itself. The router, the navigation and the command palette are made from these. */
export interface PageDefinition {
  id: string;
  title: string;
  icon: string;
  /** Route path, e.g. `/runs/:run`. */
  path: string;
  /** Place in the left navigation; absent: reached from other pages only. */
  navigation?: { order: number };
  /** The page of the navigation that it belongs to, where it has no place of its own. */
  under?: string;
  /** Words that the command palette also finds it by. */
  keywords?: string[];
  load: () => Promise<{ default: Component }>;
}
