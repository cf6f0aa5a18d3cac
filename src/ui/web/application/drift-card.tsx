// Who changed what of an Application in the cluster by hand: nothing where nobody did.

import { UserRoundPen } from 'lucide';
import { useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Icon } from '../parts/icon.tsx';
import { Name } from '../parts/name.tsx';
import { Time } from '../parts/time.tsx';
import { queryOfResource } from '../resource/resource-address.ts';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { sheetPath } from './addresses.ts';
import { applicationWords } from './application-words.ts';
import s from './drift-card.module.css';
import { type DriftEntry, driftEntries } from './drift-entries.ts';

const FEW = 3;

export function DriftCard({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const [isWhole, setWhole] = useState(false);
  const { metadata, status } = app;
  const { name, namespace } = metadata;
  // It is recorded before the status tells of it.
  const { value } = useLoad(
    (signal) =>
      call('GET /api/v1/applications/{name}/drift', { params: { name }, query: { appNamespace: namespace }, signal }),
    [name, namespace, status.reconciledAt, status.sync?.status, conditionTime(app)],
  );
  const entries = driftEntries(value?.items ?? []);
  if (entries.length === 0) return null;
  const shown = isWhole ? entries : entries.slice(0, FEW);
  // What was put right is a record, for whoever wants to know.
  const isNow = conditionTime(app) !== undefined || status.sync?.status === 'OutOfSync';
  return (
    <details class={card.card} open={isNow}>
      <summary class={s.head}>
        <Icon icon={UserRoundPen} class={isNow ? s.now : undefined} />
        <h2 class={s.title}>{t.drift}</h2>
        <span class={s.count}>{entries.length}</span>
        <span class={s.said}>{isNow ? t.advice.DriftDetected : t.driftText}</span>
      </summary>
      <ul role="list" class={s.list}>
        {shown.map((entry) => (
          <Entry key={`${entry.at} ${entry.kind} ${entry.name}`} app={app} entry={entry} />
        ))}
      </ul>
      {entries.length > FEW && (
        <Button kind="quiet" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t.showLess : t.showAll(entries.length)}
        </Button>
      )}
    </details>
  );
}

function Entry({ app, entry }: { readonly app: Application; readonly entry: DriftEntry }) {
  const t = useWords(applicationWords);
  const { at, by, manager, isDeletion, kind, namespace, name, fields, moreFields, times } = entry;
  const resource = queryOfResource(entry);
  return (
    <li class={s.entry}>
      <p class={s.who}>
        <strong>{by}</strong>
        {manager && (
          <span class={card.quiet}>
            {t.by} {manager}
          </span>
        )}
        <span>{isDeletion ? t.driftDeleted : t.driftChanged}</span>
        <a href={sheetPath(app, 'resource', { ...resource, tab: 'diff' })}>
          {kind} <Name isMono>{namespace === '' ? name : `${namespace}/${name}`}</Name>
        </a>
        <span class={card.quiet}>
          <Time at={at} />
          {times > 1 && ` · ${t.times(times)}`}
        </span>
      </p>
      {fields.length > 0 && (
        <ul role="list" class={s.fields}>
          {fields.map(({ path, before, after }) => (
            <li key={path}>
              <code>{path}</code> <del>{before ?? t.nothing}</del> <span aria-hidden="true">→</span>{' '}
              <ins>{after ?? t.nothing}</ins>
            </li>
          ))}
          {moreFields > 0 && <li>{t.moreOf(moreFields)}</li>}
        </ul>
      )}
    </li>
  );
}

function conditionTime({ status }: Application): string | undefined {
  return status.conditions?.find(({ type }) => type === 'DriftDetected')?.lastTransitionTime;
}
