// The logs of an Application's Pods.

import { useMemo } from 'preact/hooks';
import type { SheetProps } from '../application/lazy-sheet.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useLive } from '../state/live.ts';
import { treeOf } from '../tree/live-tree.ts';
import { buildForest, walk } from '../tree/tree-model.ts';
import { useWords } from '../words/words.ts';
import { LogView } from './log-view.tsx';
import { logsWords } from './logs-words.ts';

export default function LogsSheet({ app, onClose }: SheetProps) {
  const t = useWords(logsWords);
  const { name, namespace } = app.metadata;
  const live = treeOf(namespace, name);
  const { value: tree, state } = useLive(live);
  const pods = useMemo(
    () =>
      tree &&
      [...walk(buildForest(app, tree))].filter(
        ({ kind, group, isOrphaned }) => kind === 'Pod' && group === '' && !isOrphaned,
      ),
    [tree],
  );
  return (
    <Sheet title={t.title(name)} onClose={onClose} size="wide">
      {state.kind === 'failed' && !tree ? (
        <Problem error={state.error} onRetry={live.retry} />
      ) : (
        <LogView app={app} subject={undefined} pods={pods} />
      )}
    </Sheet>
  );
}
