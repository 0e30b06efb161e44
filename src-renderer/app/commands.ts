import type { Router } from 'vue-router';
import type { SearchSummary } from '#shared/contract/api/search.ts';
import type { ThemeChoice } from '#shared/contract/wire/bridge.ts';
import type { DraftSummary } from '#shared/draft/draft.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { isLive } from '#shared/run/status.ts';
import { STATUS_LOOKS } from '../components/base/status-look.ts';
import { ALGORITHM_TITLES } from '../components/search/search-words.ts';
import { controlsFor, type Control } from '../components/control/run-controls.ts';
import type { Command, CommandGroup } from '../stores/commands.ts';
import { navigationPages } from './pages.ts';

const THEMES: readonly [ThemeChoice, string, string][] = [
  ['light', 'Light theme', 'i-lucide-sun'],
  ['dark', 'Dark theme', 'i-lucide-moon'],
  ['system', 'Theme of the system', 'i-lucide-monitor'],
];

/** What the frame does, whatever page is open. */
export interface FrameActions {
  trainDemo(): void;
  setTheme(theme: ThemeChoice): void;
  openPalette(): void;
  openShortcuts(): void;
  newDraft(): void;
  openDraft(id: string): void;
  control(run: RunSummary, control: Control): void;
}

/** The commands of the frame; pages add their own with `usePageCommands`. */
export function frameCommands(options: {
  router: Router;
  runs: readonly RunSummary[];
  searches: readonly SearchSummary[];
  drafts: readonly DraftSummary[];
  actions: FrameActions;
}): CommandGroup[] {
  const { router, runs, searches, drafts, actions } = options;
  const go = (path: string) => () => void router.push(path);
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
        run: go(page.path),
      })),
    },
    {
      id: 'actions',
      label: 'Do',
      items: [
        {
          id: 'new-draft',
          label: 'New draft of a run',
          icon: 'i-lucide-file-plus',
          suffix: 'configuration, experiment, train',
          run: actions.newDraft,
        },
        { id: 'train-demo', label: 'Train the demo network', icon: 'i-lucide-play', run: actions.trainDemo },
        {
          id: 'import-data',
          label: 'Import a data set',
          icon: 'i-lucide-folder-input',
          suffix: 'images, CSV, NPZ, IDX, WAV',
          run: go('/datasets?import='),
        },
        {
          id: 'new-search',
          label: 'New search over a configuration',
          icon: 'i-lucide-telescope',
          suffix: 'grid, random, evolution, successive halving',
          run: go('/searches/new'),
        },
        ...THEMES.map(([theme, label, icon]) => ({
          id: `theme-${theme}`,
          label,
          icon,
          run: () => actions.setTheme(theme),
        })),
        {
          id: 'shortcuts',
          label: 'Keyboard shortcuts',
          icon: 'i-lucide-keyboard',
          keys: ['?'],
          run: actions.openShortcuts,
        },
        {
          id: 'palette',
          label: 'Find and commands',
          icon: 'i-lucide-search',
          keys: ['ctrl', 'k'],
          hidden: true,
          run: actions.openPalette,
        },
      ],
    },
    {
      id: 'live',
      label: 'Runs at work',
      items: runs.flatMap((run) => controlsOf(run, actions)),
    },
    {
      id: 'drafts',
      label: 'Drafts',
      items: drafts.slice(0, 50).map((draft) => ({
        id: `draft-${draft.id}`,
        label: draft.name,
        icon: 'i-lucide-file-pen',
        suffix: `${draft.dataset} · ${draft.model}`,
        run: () => actions.openDraft(draft.id),
      })),
    },
    {
      id: 'searches',
      label: 'Searches',
      items: searches.slice(0, 50).map((search) => ({
        id: `search-${search.id}`,
        label: search.name,
        icon: STATUS_LOOKS[search.status].icon,
        suffix: `${STATUS_LOOKS[search.status].label} · ${ALGORITHM_TITLES[search.algorithm]} · ${search.id}`,
        run: go(`/searches/${search.id}`),
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
        run: go(`/runs/${run.id}`),
      })),
    },
  ];
}

/** What can be done with a run that is at work, or waits to go on. */
function controlsOf(run: RunSummary, { control }: FrameActions): Command[] {
  if (!isLive(run.status) && run.status !== 'paused') return [];
  return controlsFor(run.status).map((one) => ({
    id: `${one.id}-${run.id}`,
    label: `${one.label}: ${run.name}`,
    icon: one.icon,
    suffix: run.id,
    run: () => control(run, one),
  }));
}
