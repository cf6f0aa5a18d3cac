// What opens over the page of an Application, by the part of the address that names it.

import type { Application } from '../../../application/types.ts';
import { useWords } from '../words/words.ts';
import { applicationWords } from './application-words.ts';
import { LazySheet } from './lazy-sheet.tsx';

/** A plan that is confirmed becomes its progress in the same sheet. */
const sync = () => import('../sync/sync-sheet.tsx');

const SHEETS = {
  ...{ sync, operation: sync },
  diff: () => import('../diff/diff-sheet.tsx'),
  history: () => import('../history/history-sheet.tsx'),
  parameters: () => import('../edit/parameters-sheet.tsx'),
  manifest: () => import('../edit/manifest-sheet.tsx'),
  delete: () => import('../edit/delete-sheet.tsx'),
  events: () => import('../events/events-sheet.tsx'),
  logs: () => import('../logs/logs-sheet.tsx'),
  resource: () => import('../resource/resource-sheet.tsx'),
  conditions: () => import('./conditions-sheet.tsx'),
} as const;

type Part = keyof typeof SHEETS;

interface Props {
  readonly part: string | undefined;
  readonly app: Application;
  readonly onClose: () => void;
}

/** Nothing where the part is none that is known. */
export function ApplicationSheet({ part, app, onClose }: Props) {
  const t = useWords(applicationWords);
  if (part === undefined || !isPart(part)) return null;
  const title = part === 'operation' ? t.lastOperation : part === 'resource' ? t.details : t[part];
  return (
    <LazySheet
      key={part === 'operation' ? 'sync' : part}
      load={SHEETS[part]}
      title={title}
      app={app}
      onClose={onClose}
    />
  );
}

function isPart(part: string): part is Part {
  return Object.hasOwn(SHEETS, part);
}
