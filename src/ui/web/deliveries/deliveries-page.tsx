// All pushes: what is held, what was refused, and the record by days; or drift.

import { FilterX, Inbox, Webhook } from 'lucide';
import { useMemo } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { applications } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { language } from '../state/preferences.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import s from './deliveries.module.css';
import { type Deliveries, deliveriesOf } from './deliveries-live.ts';
import { byDay, shortRef, VERDICT_ORDER } from './delivery-list.ts';
import { DeliveryRow } from './delivery-row.tsx';
import { deliveryWords } from './delivery-words.ts';
import { DriftPart } from './drift-part.tsx';
import { HeldSyncs } from './held-syncs.tsx';
import { RefusedNotice } from './refused-notice.tsx';
import { SetupGuide, SetupSheet } from './setup-guide.tsx';

const STEP = 50;
const MOST = 2_000;
const FILTERS = ['repository', 'ref', 'application', 'verdict', 'state'] as const;

export function DeliveriesPage() {
  const t = useWords(deliveryWords);
  const query = useQuery();
  const isDrift = query.get('tab') === 'drift';
  const isSettingUp = query.get('setup') !== undefined;
  useCrumbs([{ label: t.title }]);
  const tabs = [
    { label: t.pushes, href: query.with({ tab: undefined }), isCurrent: !isDrift },
    { label: t.drift, href: query.with({ tab: 'drift' }), isCurrent: isDrift },
  ];
  return (
    <Page
      title={t.title}
      actions={
        <Button icon={Webhook} href={query.with({ setup: 'webhook' })}>
          {t.setUp}
        </Button>
      }
    >
      <Tabs label={t.views} tabs={tabs} />
      {isDrift ? <DriftPart /> : <Pushes />}
      {isSettingUp && <SetupSheet onClose={() => query.set({ setup: undefined })} />}
    </Page>
  );
}

function Pushes() {
  const t = useWords(deliveryWords);
  const query = useQuery();
  const most = Math.min(MOST, Number(query.get('limit')) || STEP);
  const filter = Object.fromEntries(FILTERS.flatMap((key) => (query.get(key) ? [[key, query.get(key)]] : [])));
  const isFiltered = Object.keys(filter).length > 0;
  const { value, state } = useLive(deliveriesOf(filter, most));
  const { value: all = [] } = useLive(deliveriesOf({}, STEP));
  if (state.kind === 'failed') return <Problem error={state.error} />;
  if (value === undefined) return <Loading lines={8} />;
  return (
    <div class={card.stack}>
      <HeldSyncs deliveries={all} />
      <RefusedNotice />
      {(value.length > 0 || isFiltered) && <Filters {...{ all, isFiltered }} />}
      {value.length > 0 && <Days deliveries={value} />}
      {value.length === 0 && isFiltered && (
        <Empty icon={FilterX} title={t.none}>
          <p>{t.noneText}</p>
          <Button onClick={() => query.set(Object.fromEntries(FILTERS.map((key) => [key, undefined])))}>
            {t.clear}
          </Button>
        </Empty>
      )}
      {value.length === 0 && !isFiltered && <NothingYet />}
      {value.length >= most && most < MOST && (
        <div>
          <Button onClick={() => query.set({ limit: String(most + STEP) })}>{t.more}</Button>
        </div>
      )}
    </div>
  );
}

function Filters({ all, isFiltered }: { readonly all: Deliveries; readonly isFiltered: boolean }) {
  const t = useWords(deliveryWords);
  // On a phone they are folded.
  const isWide = matchMedia('(min-width: 721px)').matches;
  const query = useQuery();
  const { value: apps } = useLive(applications);
  const repositories = useMemo(() => [...new Set(all.map(({ repository }) => repository))].sort(), [all]);
  const refs = useMemo(() => [...new Set(all.map(({ ref }) => shortRef(ref)))].sort(), [all]);
  const names = useMemo(() => [...(apps?.values() ?? [])].map(({ metadata }) => metadata.name).sort(), [apps]);
  const set = (key: (typeof FILTERS)[number]) => (text: string) => query.set({ [key]: text.trim(), limit: undefined });
  return (
    <search>
      <details class={s.folded} open={isWide || isFiltered}>
        <summary>{t.filters}</summary>
        <div class={s.filters}>
          <TextField
            {...{ label: t.search, value: query.get('repository') ?? '', onInput: set('repository') }}
            type="search"
            suggestions={repositories}
          />
          <TextField
            {...{ label: t.ref, value: query.get('ref') ?? '', onInput: set('ref') }}
            type="search"
            suggestions={refs}
          />
          <TextField
            {...{ label: t.application, value: query.get('application') ?? '', onInput: set('application') }}
            type="search"
            suggestions={names}
          />
          <SelectField
            label={t.verdict}
            value={query.get('verdict') ?? ''}
            onChange={set('verdict')}
            choices={[
              { value: '', label: t.any },
              ...VERDICT_ORDER.map((value) => ({ value, label: t.verdicts[value] ?? value })),
            ]}
          />
          <SelectField
            label={t.state}
            value={query.get('state') ?? ''}
            onChange={set('state')}
            choices={[
              { value: '', label: t.any },
              { value: 'open', label: t.open },
              { value: 'done', label: t.done },
            ]}
          />
        </div>
      </details>
    </search>
  );
}

function Days({ deliveries }: { readonly deliveries: Deliveries }) {
  const t = useWords(deliveryWords);
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });
  const today = format.format(Date.now());
  const yesterday = format.format(Date.now() - 86_400_000);
  const long = new Intl.DateTimeFormat(language.value, { dateStyle: 'full' });
  return (
    <section class={s.days} aria-label={t.list}>
      {byDay(deliveries).map(([day, of]) => (
        <section key={day} class={s.day}>
          <h2 class={s.date}>
            {day === today ? t.today : day === yesterday ? t.yesterday : long.format(new Date(`${day}T12:00:00`))}
          </h2>
          <ol role="list" class={card.card}>
            {of.map((delivery) => (
              <DeliveryRow key={delivery.key} delivery={delivery} />
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

function NothingYet() {
  const t = useWords(deliveryWords);
  return (
    <>
      <Empty icon={Inbox} title={t.empty}>
        <p>{t.emptyText}</p>
      </Empty>
      <section class={`${card.card} ${card.pad}`}>
        <SetupGuide />
      </section>
    </>
  );
}
