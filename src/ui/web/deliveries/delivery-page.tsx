// One push: where it came from, what it brought, what it meant for each Application and what became of that, and having it worked on again.

import { ArrowRight, FolderGit2, RotateCcw, ShieldAlert, ShieldCheck } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { AsCommand, CopyButton } from '../parts/copy.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Mark, Sign } from '../parts/mark.tsx';
import { Name, Revision } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { exactTime, Time } from '../parts/time.tsx';
import { tell } from '../parts/toast.tsx';
import { useActions } from '../shell/actions.ts';
import { useCrumbs } from '../shell/crumbs.ts';
import { applications, pathOf } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useLoad } from '../state/load.ts';
import { mayAnywhere, reach } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import s from './deliveries.module.css';
import { deliveriesOf } from './deliveries-live.ts';
import { type Delivery, shortRef, shortRepository, VERDICT_ORDER } from './delivery-list.ts';
import { outcomeOf } from './delivery-outcome.ts';
import { Change } from './delivery-row.tsx';
import { deliveryWords } from './delivery-words.ts';
import { VerdictSign } from './verdict-sign.tsx';

const FEW_PATHS = 5;

export function DeliveryPage({ id }: { readonly id: string }) {
  const t = useWords(deliveryWords);
  const { value, error, reload } = useLoad(
    (signal) => call('GET /api/deliveries/{id}', { params: { id }, signal }),
    [id],
  );
  // The newest are live; an older one changes no more.
  const { value: newest } = useLive(deliveriesOf({}, 50));
  const live = newest?.find(({ key, deliveryId }) => key === id || deliveryId === id);
  const delivery = live && value ? { ...value, ...live } : value;
  const title = delivery ? `${shortRepository(delivery.repository)} ${shortRef(delivery.ref)}` : id;
  useCrumbs([{ label: t.title, href: '/deliveries' }, { label: title }]);
  return (
    <Page title={title} heading={<Name>{title}</Name>} actions={delivery && <Replay delivery={delivery} />}>
      {error !== undefined && delivery === undefined && <Problem error={error} onRetry={reload} />}
      {error === undefined && delivery === undefined && <Loading lines={6} />}
      {delivery && <Story delivery={delivery} />}
    </Page>
  );
}

function Replay({ delivery }: { readonly delivery: Delivery }) {
  const t = useWords(deliveryWords);
  const { route } = useLocation();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const known = reach();
  const reason = known === undefined || mayAnywhere('applications', 'sync') ? undefined : t.mayNotSync;
  const replay = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await call('POST /api/deliveries/{id}/replay', { params: { id: delivery.key } });
      tell(t.replayed);
      route(`/deliveries/${encodeURIComponent(answer.deliveryId)}`);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  useActions(
    reason === undefined
      ? [{ id: 'replay', label: t.replay, group: t.title, icon: RotateCcw, keys: 'r', run: () => void replay() }]
      : [],
    [t, reason, delivery.key],
  );
  return (
    <>
      <Button icon={RotateCcw} isBusy={isBusy} reason={reason} onClick={() => void replay()}>
        {t.replay}
      </Button>
      {error !== undefined && <Problem error={error} />}
    </>
  );
}

function Story({ delivery }: { readonly delivery: Delivery }) {
  const t = useWords(deliveryWords);
  const { reason, notes, otherRefs = [], omitted = 0, applications: verdicts } = delivery;
  const inOrder = [...verdicts].sort((a, b) => VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict));
  const { value: apps } = useLive(applications);
  const appOf = (name: string) => [...(apps?.values() ?? [])].find(({ metadata }) => metadata.name === name);
  return (
    <div class={s.story}>
      <section class={card.card} aria-labelledby="verdicts">
        <header class={card.head}>
          <h2 id="verdicts">{t.applications}</h2>
          {delivery.state === 'open' && <Mark of="phase" state="Running" />}
        </header>
        {reason !== undefined && <p class={`${card.pad} ${s.reason}`}>{reason}</p>}
        <ul role="list" class={s.judged}>
          {inOrder.map((verdict) => (
            <Judged key={verdict.name} {...{ verdict, delivery }} app={appOf(verdict.name)} />
          ))}
        </ul>
        {omitted > 0 && <p class={`${card.pad} ${s.quiet}`}>{t.omitted(omitted)}</p>}
      </section>
      <div class={card.stack}>
        <Facts delivery={delivery} />
        {notes.length > 0 && (
          <section class={`${card.card} ${card.pad} ${card.stack}`}>
            <h2>{t.notes}</h2>
            <ul class={s.notes}>
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </section>
        )}
        {otherRefs.length > 0 && (
          <section class={`${card.card} ${card.pad} ${card.stack}`}>
            <h2>{t.otherRefs}</h2>
            <ul class={s.notes}>
              {otherRefs.map(({ ref, key }) => (
                <li key={key}>
                  <a href={`/deliveries/${key}`}>{shortRef(ref)}</a>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

function Facts({ delivery }: { readonly delivery: Delivery }) {
  const t = useWords(deliveryWords);
  const { deliveryId, provider, pusher, receivedAt, repository, ref, proof = 'unknown' } = delivery;
  const { commits = [], moreCommits = 0, after } = delivery;
  const isGood = proof !== 'none';
  return (
    <section class={card.card} aria-labelledby="push">
      <header class={card.head}>
        <h2 id="push">{t.push}</h2>
        <Change delivery={delivery} />
      </header>
      <div class={`${card.pad} ${card.stack}`}>
        {commits.length > 0 && (
          <ol role="list" class={s.commits} aria-label={t.revision}>
            {commits.toReversed().map(({ id, message, author }) => (
              <li key={id}>
                <Revision>{id}</Revision>
                <span class={s.commit}>{message}</span>
                {author !== undefined && <span class={s.quiet}>{author}</span>}
              </li>
            ))}
            {moreCommits > 0 && <li class={s.quiet}>{t.moreCommits(moreCommits)}</li>}
          </ol>
        )}
        <dl class={card.pairs}>
          <dt>{t.received}</dt>
          <dd>
            <Time at={receivedAt} /> <span class={s.quiet}>({exactTime(receivedAt)})</span>
          </dd>
          <dt>{t.from}</dt>
          <dd>{provider}</dd>
          <dt>{t.signature}</dt>
          <dd>
            <Sign
              icon={isGood ? ShieldCheck : ShieldAlert}
              meaning={isGood ? 'good' : 'warn'}
              word={t.proofWord[proof]}
            />{' '}
            <span class={s.quiet}>{t.proof[proof]}</span>
          </dd>
          <dt>{t.pusher}</dt>
          <dd>{pusher ?? t.unknownPusher}</dd>
          <dt>{t.repository}</dt>
          <dd class={card.row}>
            <Icon icon={FolderGit2} />
            {/^https?:/.test(repository) ? (
              <a href={repository} rel="noreferrer">
                <Name>{repository}</Name>
              </a>
            ) : (
              <Name>{repository}</Name>
            )}
          </dd>
          <dt>{t.ref}</dt>
          <dd>
            <Name isMono>{ref}</Name>
          </dd>
          <dt>{t.revision}</dt>
          <dd>
            <div class={`${card.row} ${s.copied}`}>
              <Change delivery={delivery} />
              {after !== undefined && <CopyButton text={after} />}
            </div>
            {delivery.isForced === true && <p class={s.warn}>{t.forced}</p>}
          </dd>
          <dt>{t.id}</dt>
          <dd>
            <Name isMono>{deliveryId}</Name>
          </dd>
        </dl>
        <p class={s.quiet}>{t.replayHint}</p>
        <AsCommand command={`hawser deliveries replay ${deliveryId}`} />
      </div>
    </section>
  );
}

interface JudgedProps {
  readonly verdict: Delivery['applications'][number];
  readonly delivery: Delivery;
  readonly app: Application | undefined;
}

function Judged({ verdict: { name, verdict, reason, paths }, delivery, app }: JudgedProps) {
  const t = useWords(deliveryWords);
  const advice = t.advice[verdict];
  const isForPlan = verdict === 'manual' || verdict === 'window-closed';
  return (
    <li class={s.one}>
      <div class={s.oneHead}>
        {app ? (
          <a class={s.link} href={pathOf(app)}>
            <Name>{name}</Name>
          </a>
        ) : (
          <Name>{name}</Name>
        )}
        <VerdictSign verdict={verdict} isPill />
      </div>
      <p class={s.reason}>{reason}</p>
      {paths.length > 0 && <Paths paths={paths} />}
      {verdict === 'sync' && app && <Became app={app} delivery={delivery} />}
      {advice !== undefined && (
        <p class={s.advice}>
          <Icon icon={ArrowRight} size={14} />
          <span>
            {advice} {app && isForPlan && <a href={pathOf(app, 'sync')}>{t.toPlan}</a>}
            {app && verdict === 'error' && <a href={pathOf(app)}>{t.toApplication}</a>}
          </span>
        </p>
      )}
    </li>
  );
}

function Paths({ paths }: { readonly paths: readonly string[] }) {
  const t = useWords(deliveryWords);
  const [few, more] = [paths.slice(0, FEW_PATHS), paths.slice(FEW_PATHS)];
  const list = (of: readonly string[]) => (
    <ul role="list" class={s.paths}>
      {of.map((path) => (
        <li key={path}>
          <Name isMono>{path}</Name>
        </li>
      ))}
    </ul>
  );
  return (
    <div>
      <span class="visually-hidden">{t.paths}</span>
      {list(few)}
      {more.length > 0 && (
        <details class={s.quiet}>
          <summary>{t.morePaths(more.length)}</summary>
          {list(more)}
        </details>
      )}
    </div>
  );
}

function Became({ app, delivery }: { readonly app: Application; readonly delivery: Delivery }) {
  const t = useWords(deliveryWords);
  const outcome = outcomeOf(app, delivery);
  if (!outcome) return null;
  const { kind, message, at } = outcome;
  const isPhase = kind === 'Succeeded' || kind === 'Failed' || kind === 'Error';
  return (
    <p class={s.became}>
      {isPhase && <Mark of="phase" state={kind} />}
      {kind === 'running' && <Mark of="phase" state="Running" />}
      {!isPhase && kind !== 'running' && <span class={s.quiet}>{t.operation[kind]}</span>}
      {at !== undefined && (
        <span class={s.quiet}>
          <Time at={at} />
        </span>
      )}
      {message !== undefined && kind !== 'Succeeded' && kind !== 'superseded' && <span class={s.quiet}>{message}</span>}
      {(isPhase || kind === 'running') && <a href={pathOf(app, 'operation')}>{t.toOperation}</a>}
    </p>
  );
}
