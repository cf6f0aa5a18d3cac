// What is done with the Applications that are selected, at the lower edge of the page.

import { RefreshCw, RotateCw, X } from 'lucide';
import { useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/sheet.tsx';
import type { Applications } from '../state/applications.ts';
import { mayAnywhere, reach } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import s from './bulk-bar.module.css';
import { bulkWords } from './bulk-words.ts';
import { findRows } from './find.ts';
import type { ListQuery } from './list-query.ts';
import type { RefreshKind } from './refresh.ts';
import { forgetRefresh, refreshRun, startRefresh, stopRefresh } from './refresh-many.ts';
import { rowOf } from './row.ts';
import { clearSelection, selected } from './selection.ts';

export default function BulkBar({ apps, list }: { readonly apps: Applications; readonly list: ListQuery }) {
  const t = useWords(bulkWords);
  const [isShowing, setShowing] = useState(false);
  // What was deleted meanwhile is selected no more.
  const chosen = [...selected.value].flatMap((key) => apps.get(key) ?? []);
  const hidden = chosen.length - findRows(chosen.map(rowOf), list.filter).length;
  const mayNotSync = reach() !== undefined && !mayAnywhere('applications', 'sync');
  const run = refreshRun.value;
  const begin = (of: readonly Application[], kind: RefreshKind) => {
    setShowing(false);
    startRefresh(of, kind);
  };
  const isBusy = run?.isRunning === true;
  return (
    <section class={s.bar} aria-label={t.bar}>
      <p class={s.count}>
        {t.selected(chosen.length)}
        {hidden > 0 && <span class={s.quiet}> · {t.hidden(hidden)}</span>}
      </p>
      {run && (
        <p class={s.progress} role="status">
          <progress max={run.of} value={run.done} aria-label={t.refreshing(run.done, run.of)} />
          <span>{isBusy ? t.refreshing(run.done, run.of) : t.refreshed(run.done - run.failed.length)}</span>
          {run.failed.length > 0 && (
            <Button kind="quiet" class={s.failed} onClick={() => setShowing(true)}>
              {t.failed(run.failed.length)}
            </Button>
          )}
          {isBusy ? (
            <Button kind="quiet" onClick={stopRefresh}>
              {t.stop}
            </Button>
          ) : (
            <Button kind="quiet" icon={X} label={t.close} onClick={forgetRefresh} />
          )}
        </p>
      )}
      <div class={s.buttons}>
        <Button
          kind="primary"
          icon={RotateCw}
          reason={mayNotSync ? t.mayNotSync : undefined}
          href={list.query.with({ bulk: 'sync', selected: chosen.map((app) => rowOf(app).key) })}
        >
          {t.sync}
        </Button>
        <Button icon={RefreshCw} isBusy={isBusy} onClick={() => begin(chosen, 'normal')}>
          {t.refresh}
        </Button>
        <Button isBusy={isBusy} onClick={() => begin(chosen, 'hard')}>
          {t.hardRefresh}
        </Button>
      </div>
      <div class={s.clear}>
        <Button kind="quiet" icon={X} label={t.clear} onClick={clearSelection} />
      </div>
      {isShowing && run && (
        <Dialog
          title={t.failedTitle}
          onClose={() => setShowing(false)}
          footer={
            <>
              <Button onClick={() => setShowing(false)}>{t.close}</Button>
              <Button
                kind="primary"
                onClick={() =>
                  begin(
                    run.failed.map(({ app }) => app),
                    run.kind,
                  )
                }
              >
                {t.retry}
              </Button>
            </>
          }
        >
          <dl class={s.errors}>
            {run.failed.map(({ app, message }) => (
              <div key={rowOf(app).key}>
                <dt>{app.metadata.name}</dt>
                <dd>{message}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </section>
  );
}
