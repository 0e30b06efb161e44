import type { Router } from 'vue-router';
import type { SearchSummary } from '#shared/contract/api/search.ts';
import type { RunSummary } from '#shared/run/record.ts';
import type { ThemeChoice } from '#shared/contract/wire/bridge.ts';
import { STATUS_LOOKS } from '../components/base/status-look.ts';
import { ALGORITHM_TITLES } from '../components/search/search-words.ts';
import { navigationPages } from './pages.ts';

/** Something that the command palette, a shortcut or the native menu can do. */
export interface Command {
  /** Stable: the native menu names commands by it. */
  id: string;
  label: string;
  icon: string;
  keys?: string[];
  suffix?: string;
  run(): void;
}

export interface CommandGroup {
  id: string;
  label: string;
  items: Command[];
}

/** All commands there are now. */
export function commandGroups(options: {
  router: Router;
  runs: readonly RunSummary[];
  searches: readonly SearchSummary[];
  trainDemo: () => void;
  setTheme: (theme: ThemeChoice) => void;
}): CommandGroup[] {
  const { router, runs, searches, trainDemo, setTheme } = options;
  const themes: [ThemeChoice, string, string][] = [
    ['light', 'Light theme', 'i-lucide-sun'],
    ['dark', 'Dark theme', 'i-lucide-moon'],
    ['system', 'Theme of the system', 'i-lucide-monitor'],
  ];
  return [
    {
      id: 'pages',
      label: 'Go to',
      items: navigationPages().map((page, i) => ({
        id: `go-${page.id}`,
        label: page.title,
        icon: page.icon,
        suffix: page.keywords?.join(', ') ?? '',
        keys: ['alt', String(i + 1)],
        run: () => void router.push(page.path),
      })),
    },
    {
      id: 'actions',
      label: 'Do',
      items: [
        { id: 'train-demo', label: 'Train the demo network', icon: 'i-lucide-play', run: trainDemo },
        {
          id: 'new-search',
          label: 'New search over a configuration',
          icon: 'i-lucide-telescope',
          suffix: 'grid, random, evolution, successive halving',
          run: () => void router.push('/searches/new'),
        },
        ...themes.map(([theme, label, icon]) => ({
          id: `theme-${theme}`,
          label,
          icon,
          run: () => setTheme(theme),
        })),
      ],
    },
    {
      id: 'searches',
      label: 'Searches',
      items: searches.slice(0, 50).map((search) => ({
        id: `search-${search.id}`,
        label: search.name,
        icon: STATUS_LOOKS[search.status].icon,
        suffix: `${STATUS_LOOKS[search.status].label} · ${ALGORITHM_TITLES[search.algorithm]} · ${search.id}`,
        run: () => void router.push(`/searches/${search.id}`),
      })),
    },
    {
      id: 'runs',
      label: 'Runs',
      items: runs.slice(0, 200).map((run) => ({
        id: `run-${run.id}`,
        label: run.name,
        icon: STATUS_LOOKS[run.status].icon,
        suffix: `${STATUS_LOOKS[run.status].label} · ${run.dataset} · ${run.id}`,
        run: () => void router.push(`/runs/${run.id}`),
      })),
    },
  ];
}
