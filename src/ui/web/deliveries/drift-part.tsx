// What people changed beside Git, over all Applications.

import { CircleCheck, CircleHelp, TriangleAlert, UserPen } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { call } from '../api/call.ts';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { CheckField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Sign } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { Time } from '../parts/time.tsx';
import { type Applications, applications, pathOf } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import s from './deliveries.module.css';
import { deliveryWords } from './delivery-words.ts';
import { type Drift, type DriftState, driftState, shownUser, shownValue } from './drift-list.ts';

const LOOKS = {
  repaired: { icon: CircleCheck, meaning: 'good' },
  differs: { icon: TriangleAlert, meaning: 'warn' },
  unknown: { icon: CircleHelp, meaning: 'neutral' },
} as const;

/** Several that change together are asked about once, when what goes with them is written. */
const SETTLED_MS = 500;

export function DriftPart() {
  const t = useWords(deliveryWords);
  const query = useQuery();
  const { value: apps } = useLive(applications);
  const { value, error, reload } = useLoad((signal) => call('GET /api/v1/drift', { signal }), []);
  useReloadWith(apps, reload);
  if (error !== undefined && value === undefined) return <Problem error={error} onRetry={reload} />;
  if (value === undefined) return <Loading lines={6} />;
  const isOnlyDiffering = query.get('differs') === 'true';
  const items = value.items.map((drift) => {
    const app = apps?.get(`${drift.application.namespace}/${drift.application.name}`);
    return { drift, state: driftState(drift, app), href: app && pathOf(app) };
  });
  const shown = items.filter(({ state }) => !isOnlyDiffering || state === 'differs');
  if (items.length === 0) {
    return (
      <Empty icon={UserPen} title={t.driftEmpty}>
        <p>{t.driftEmptyText}</p>
      </Empty>
    );
  }
  return (
    <div class={card.stack}>
      <CheckField
        label={t.onlyDiffering}
        isChecked={isOnlyDiffering}
        onChange={(isChecked) => query.set({ differs: isChecked ? 'true' : undefined })}
      />
      <ol role="list" class={card.card} aria-label={t.driftList}>
        {shown.map(({ drift, state, href }) => (
          <DriftRow
            key={`${drift.at} ${drift.application.name} ${drift.kind} ${drift.name}`}
            {...{ drift, state, href }}
          />
        ))}
      </ol>
    </div>
  );
}

/** Whatever is recorded has its Application looked at: then there may be more of it. */
function useReloadWith(apps: Applications | undefined, reload: () => void): void {
  const marks = [...(apps?.values() ?? [])]
    .map(({ metadata, status }) => `${metadata.name} ${status.sync?.status} ${status.reconciledAt}`)
    .join('\n');
  const before = useRef(marks);
  useEffect(() => {
    if (before.current === marks) return;
    before.current = marks;
    const timer = setTimeout(reload, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [marks, reload]);
}

interface RowProps {
  readonly drift: Drift;
  readonly state: DriftState;
  readonly href: string | undefined;
}

function DriftRow({ drift, state, href }: RowProps) {
  const t = useWords(deliveryWords);
  const { by, manager, operation, kind, namespace, name, fields, moreFields = 0, times = 1, at, application } = drift;
  return (
    <li class={s.drift}>
      <div class={s.oneHead}>
        <p class={s.driftWho}>
          <strong title={by}>{shownUser(by)}</strong> {operation === 'DELETE' ? t.deletedObject : t.changed}{' '}
          <Name>{`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`}</Name>
          {times > 1 && <span class={s.quiet}> {t.times(times)}</span>}
        </p>
        {state !== 'unknown' && <Sign {...LOOKS[state]} word={t[state]} />}
      </div>
      <p class={s.who}>
        {href === undefined ? application.name : <a href={href}>{application.name}</a>}
        <span aria-hidden="true"> · </span>
        <Time at={at} />
        {manager !== undefined && (
          <>
            <span aria-hidden="true"> · </span>
            {t.with} <span class="mono">{manager}</span>
          </>
        )}
      </p>
      {fields.length > 0 && (
        <dl class={s.fields}>
          {fields.map(({ path, before, after }) => (
            <div key={path} class={s.field}>
              <dt>
                <Name isMono>{path}</Name>
              </dt>
              <dd>
                <span class="visually-hidden">{t.was} </span>
                <del>{shownValue(before) ?? t.nothing}</del>
                <span aria-hidden="true"> → </span>
                <span class="visually-hidden">, {t.is} </span>
                <ins>{shownValue(after) ?? t.nothing}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {moreFields > 0 && <p class={s.quiet}>{t.moreFields(moreFields)}</p>}
    </li>
  );
}
