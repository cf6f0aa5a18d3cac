// Events as a table, the newest first.

import { BellOff, CircleCheck, RefreshCw, TriangleAlert } from 'lucide';
import { useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { CheckField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Sign } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { Time } from '../parts/time.tsx';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { type EventRow, eventRows } from './event-rows.ts';
import s from './events-table.module.css';
import { eventsWords } from './events-words.ts';

interface Props {
  readonly app: Application;
  /** Of one object of it; of the Application itself without. */
  readonly subject?: { readonly namespace: string; readonly name: string; readonly uid: string };
}

export function EventsTable({ app, subject }: Props) {
  const t = useWords(eventsWords);
  const [isStrict, setStrict] = useState(false);
  const { metadata, status } = app;
  const { name, namespace } = metadata;
  const { phase, startedAt, message } = status.operationState ?? {};
  const query = {
    appNamespace: namespace,
    ...(subject && {
      ...{ resourceNamespace: subject.namespace, resourceName: subject.name, resourceUID: subject.uid },
    }),
  };
  const { value, error, isLoading, reload } = useLoad(
    (signal) => call('GET /api/v1/applications/{name}/events', { params: { name }, query, signal }),
    // A sync and a change of health make events.
    [name, namespace, subject?.uid, phase, startedAt, message, status.health?.status, status.sync?.status],
  );
  const all = eventRows(value?.items ?? []);
  const hasWarnings = all.some(({ type }) => type !== 'Normal');
  // Of one object there is nothing to tell apart.
  const hasObjects = new Set(all.map(({ object }) => object)).size > 1;
  const rows = isStrict && hasWarnings ? all.filter(({ type }) => type !== 'Normal') : all;
  return (
    <div class={card.stack}>
      <div class={s.tools}>
        {hasWarnings && <CheckField label={t.warningsOnly} isChecked={isStrict} onChange={setStrict} />}
        <Button icon={RefreshCw} isBusy={isLoading} onClick={reload}>
          {t.reload}
        </Button>
      </div>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!value && isLoading && <Loading />}
      {value && all.length === 0 && (
        <Empty icon={BellOff} title={t.none}>
          <p>{t.noneText}</p>
        </Empty>
      )}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section class={`${card.card} ${card.scroll}`} aria-label={t.events} tabIndex={0}>
          <table class={s.table}>
            <thead>
              <tr>
                <th scope="col">{t.type}</th>
                <th scope="col">{t.reason}</th>
                <th scope="col">{t.message}</th>
                {hasObjects && <th scope="col">{t.object}</th>}
                <th scope="col" class={card.number}>
                  {t.count}
                </th>
                <th scope="col">{t.first}</th>
                <th scope="col">{t.last}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.key} row={row} hasObject={hasObjects} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function Row({ row, hasObject }: { readonly row: EventRow; readonly hasObject: boolean }) {
  const t = useWords(eventsWords);
  const { type, reason, message, object, count, first, last, source } = row;
  const isNormal = type === 'Normal';
  const word = isNormal ? t.normal : type === 'Warning' ? t.warning : type;
  return (
    <tr>
      <td>
        <Sign icon={isNormal ? CircleCheck : TriangleAlert} meaning={isNormal ? 'neutral' : 'warn'} word={word} />
      </td>
      <td>
        <Name>{reason}</Name>
      </td>
      <td class={s.message} title={source && `${t.from} ${source}`}>
        {message}
      </td>
      {hasObject && (
        <td>
          <Name isMono>{object}</Name>
        </td>
      )}
      <td class={card.number}>{count}</td>
      <td class={s.time}>
        <Time at={first} />
      </td>
      <td class={s.time}>
        <Time at={last} />
      </td>
    </tr>
  );
}
