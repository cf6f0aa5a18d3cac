// DELETE: the three kinds of deletion, what each takes with it, and how far it has come, until the Application is gone.

import { LoaderCircle, ShieldQuestion, Trash2 } from 'lucide';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { objectOf } from '../application/application-object.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { AsCommand } from '../parts/copy.tsx';
import { Segments, TextField } from '../parts/field.tsx';
import { Sign } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { applications, keyOf } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { treeOf } from '../tree/live-tree.ts';
import { useWords } from '../words/words.ts';
import { deleteWords } from './delete-words.ts';
import { type DeletionKind, type Forecast, forecastDeletion, type KindCount } from './deletion-forecast.ts';
import s from './edit.module.css';

interface Props {
  readonly app: Application;
  readonly onClose: () => void;
}

export default function DeleteSheet({ app, onClose }: Props) {
  const [isAsked, setAsked] = useState(false);
  const isDeleting = isAsked || app.metadata.deletionTimestamp !== undefined;
  return isDeleting ? (
    <Deleting app={app} onClose={onClose} />
  ) : (
    <Question app={app} onClose={onClose} onAsked={() => setAsked(true)} />
  );
}

const KINDS = ['foreground', 'background', 'orphan'] as const satisfies readonly DeletionKind[];

function Question({ app, onClose, onAsked }: Props & { readonly onAsked: () => void }) {
  const t = useWords(deleteWords);
  const p = useWords(partWords);
  const query = useQuery();
  const { name, namespace } = app.metadata;
  const kind = KINDS.find((one) => one === query.get('kind')) ?? 'foreground';
  const forecast = useForecast(app);
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const mayNot = may('applications', 'delete', objectOf(app)) === false ? t.mayNot : undefined;
  const reason = mayNot ?? (typed.trim() === name ? undefined : p.typeName(name));
  const remove = async () => {
    if (reason !== undefined || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await call('DELETE /api/v1/applications/{name}', {
        params: { name },
        query: { appNamespace: namespace, propagationPolicy: kind },
      });
      onAsked();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const means = { foreground: t.foregroundMeans, background: t.backgroundMeans, orphan: t.orphanMeans }[kind];
  return (
    <Sheet
      title={t.title(name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{p.cancel}</Button>
          <Button kind="danger" icon={Trash2} isBusy={isBusy} reason={reason} onClick={remove}>
            {t.delete}
          </Button>
        </>
      }
    >
      <div class={s.sheet}>
        <Segments
          label={t.kind}
          value={kind}
          choices={KINDS.map((value) => ({ value, label: t[value] }))}
          onChange={(value) => query.set({ kind: value === 'foreground' ? undefined : value })}
        />
        <p class={s.note}>{means}</p>
        {kind === 'orphan' ? <p>{t.allStay((app.status.resources ?? []).length)}</p> : <WhatGoes forecast={forecast} />}
        <p class={s.note}>{t.stillGit}</p>
        {error !== undefined && <Problem error={error} />}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            remove();
          }}
        >
          <TextField label={p.typeName(name)} value={typed} onInput={setTyped} isMono />
        </form>
        <AsCommand command={commandOf(app, kind)} />
      </div>
    </Sheet>
  );
}

function WhatGoes({ forecast: { goes, follows, stays, asking } }: { readonly forecast: Forecast }) {
  const t = useWords(deleteWords);
  if (goes.length + stays.length === 0) return <p>{t.nothing}</p>;
  return (
    <div class={`${card.card} ${card.pad} ${s.sheet}`}>
      <dl class={card.pairs}>
        <dt>{t.goes}</dt>
        <dd>
          <Counts counts={goes} />
        </dd>
        {follows.length > 0 && (
          <>
            <dt>{t.follows}</dt>
            <dd>
              <Counts counts={follows} />
            </dd>
          </>
        )}
        <dt>{t.stays}</dt>
        <dd>
          {stays.length === 0
            ? t.nothingStays
            : stays.map(({ kind, name, why }) => (
                <p key={`${kind} ${name}`}>
                  {kind} <Name>{name}</Name> <span class={card.quiet}>({t.why[why]})</span>
                </p>
              ))}
        </dd>
      </dl>
      {asking.length > 0 && (
        <div>
          <Sign icon={ShieldQuestion} meaning="warn" word={t.asks} />
          <p>{asking.join(', ')}</p>
        </div>
      )}
    </div>
  );
}

function Counts({ counts }: { readonly counts: readonly KindCount[] }) {
  return <>{counts.map(({ kind, count }) => `${count} ${kind}`).join(', ') || '–'}</>;
}

function useForecast(app: Application): Forecast {
  const { name, namespace } = app.metadata;
  const { value: tree } = useLive(treeOf(namespace, name));
  // Which objects Git wants kept: without Git, what is known is shown.
  const { value } = useLoad(
    async (signal) => {
      const query = { appNamespace: namespace };
      const { manifests } = await call('GET /api/v1/applications/{name}/manifests', {
        ...{ params: { name }, query, signal },
      });
      return manifests.map((text) => JSON.parse(text) as Parameters<typeof forecastDeletion>[2][number]);
    },
    [name, namespace],
  );
  return useMemo(() => forecastDeletion(app, tree?.nodes ?? [], value ?? []), [app, tree, value]);
}

/** `hawser app delete` as it would be typed. */
function commandOf({ metadata }: Application, kind: DeletionKind): string {
  const how = kind === 'orphan' ? '--cascade=false' : `--propagation-policy ${kind}`;
  return `hawser app delete ${metadata.name} ${how}`;
}

/** How far it has come. The list of all Applications tells that it is gone. */
function Deleting({ app, onClose }: Props) {
  const t = useWords(deleteWords);
  const { route } = useLocation();
  const { name, namespace } = app.metadata;
  const { value: all } = useLive(applications);
  const { value: tree } = useLive(treeOf(namespace, name));
  const [error, setError] = useState<unknown>();
  const isGone = all !== undefined && !all.has(keyOf(app));
  useEffect(() => {
    if (!isGone) return;
    tell(t.gone(name));
    route('/applications');
  }, [isGone]);
  const held = (app.status.conditions ?? []).filter(({ type }) => type === 'DeletionError');
  const isWaiting = held.some(({ message }) => message.includes('confirm'));
  const left = (tree?.nodes ?? []).filter(({ parentRefs }) => !parentRefs || parentRefs.length === 0);
  const confirm = async () => {
    setError(undefined);
    try {
      await call('POST /api/v1/applications/{name}/confirm-deletion', {
        params: { name },
        query: { appNamespace: namespace },
      });
      tell(t.confirmed);
    } catch (problem) {
      setError(problem);
    }
  };
  const letStay = async () => {
    setError(undefined);
    try {
      await call('DELETE /api/v1/applications/{name}', {
        params: { name },
        query: { appNamespace: namespace, propagationPolicy: 'orphan' },
      });
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Sheet title={t.title(name)} onClose={onClose}>
      <div class={s.sheet}>
        <div role="status">
          <Sign icon={LoaderCircle} meaning="work" word={t.deleting} />
          <p class={s.note}>{left.length > 0 ? t.left(left.length) : t.noneLeft}</p>
        </div>
        {left.length > 0 && (
          <ul class={s.plainList}>
            {left.map((node) => (
              <li key={`${node.group ?? ''}/${node.kind}/${node.namespace ?? ''}/${node.name}`}>
                <span class={card.quiet}>{node.kind}</span> <Name>{node.name}</Name>
              </li>
            ))}
          </ul>
        )}
        {held.length > 0 && (
          <section class={`${card.card} ${card.pad} ${s.sheet}`} aria-label={t.held}>
            <h3>{isWaiting ? t.waits : t.held}</h3>
            {held.map(({ message }) => (
              <p key={message} class={s.said}>
                {message}
              </p>
            ))}
            {isWaiting && (
              <div class={card.row}>
                <Button kind="danger" icon={ShieldQuestion} onClick={confirm}>
                  {t.confirm}
                </Button>
              </div>
            )}
            <div class={card.row}>
              <Button kind="quiet" onClick={letStay}>
                {t.stopCascade}
              </Button>
              <span class={s.note}>{t.stopMeans}</span>
            </div>
          </section>
        )}
        {error !== undefined && <Problem error={error} />}
      </div>
    </Sheet>
  );
}
