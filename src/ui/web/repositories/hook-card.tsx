// The webhook of a repository: whether pushes arrive by it, what came last, and making it.

import { CircleCheck, CircleDashed, RefreshCw, Wand2, Wrench } from 'lucide';
import { type Answer, call } from '../api/call.ts';
import { VerdictSign } from '../deliveries/verdict-sign.tsx';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { AsCommand, CopyLine } from '../parts/copy.tsx';
import { Loading } from '../parts/loading.tsx';
import { Sign } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { Time } from '../parts/time.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import { HookGuideSheet } from './hook-guide-sheet.tsx';
import { HookMakeSheet } from './hook-make-sheet.tsx';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';

export type HookState = Answer<'GET /api/v1/repositories/{repo}/webhook'>;

interface Props {
  readonly repo: string;
  readonly project: string;
  readonly mayUpdate: boolean;
}

export function HookCard({ repo, project, mayUpdate }: Props) {
  const t = useWords(repositoriesWords);
  const query = useQuery();
  const place = { params: { repo }, query: project === '' ? {} : { appProject: project } };
  const { value, error, isLoading, reload } = useLoad(
    (signal) => call('GET /api/v1/repositories/{repo}/webhook', { ...place, signal }),
    [repo, project],
  );
  const part = query.get('part');
  const close = () => {
    query.set({ part: undefined });
    reload();
  };
  const reason = mayUpdate && !start.alongside ? undefined : t.mayNotUpdate;
  return (
    <section class={card.card} aria-labelledby="hook-title">
      <header class={`${card.head} ${s.head}`}>
        <h2 id="hook-title">{t.hook.title}</h2>
        <span class={s.actions}>
          <Button kind="quiet" icon={RefreshCw} label={t.hook.look} isBusy={isLoading} onClick={reload} />
          <Button icon={Wrench} onClick={() => query.set({ part: 'hook-guide' }, true)}>
            {t.hook.byHand}
          </Button>
          <Button icon={Wand2} reason={reason} onClick={() => query.set({ part: 'hook' }, true)}>
            {value?.lastDelivery || value?.lastPingAt ? t.hook.mend : t.hook.make}
          </Button>
        </span>
      </header>
      <div class={`${card.pad} ${card.stack}`}>
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {value === undefined && isLoading && <Loading lines={3} />}
        {value && <Heard state={value} />}
        {value && (
          <AsCommand
            command={shellCommand(
              ...['hawser', 'repo', 'add', repo],
              ['--project', project],
              ['--hook', 'auto'],
              ['--server', value.addresses[0]?.replace(/\/api\/webhook$/, '') ?? location.origin],
            )}
          />
        )}
      </div>
      {part === 'hook' && value && <HookMakeSheet {...{ repo, project }} state={value} onClose={close} />}
      {part === 'hook-guide' && value && (
        <HookGuideSheet {...{ repo, project, mayUpdate, reload }} state={value} onClose={close} />
      )}
    </section>
  );
}

function Heard({ state }: { readonly state: HookState }) {
  const t = useWords(repositoriesWords).hook;
  const { lastDelivery, lastPingAt, secret, sharedKeys, addresses } = state;
  const look = lastDelivery
    ? ({ icon: CircleCheck, meaning: 'good', word: t.heard } as const)
    : lastPingAt
      ? ({ icon: CircleCheck, meaning: 'good', word: t.pinged } as const)
      : ({ icon: CircleDashed, meaning: 'neutral', word: t.silent } as const);
  const secretWord = secret.isSet ? t.secretOwn : sharedKeys.length > 0 ? t.secretShared : t.secretNone;
  return (
    <>
      <div class={s.heard}>
        <Sign {...look} />
        {!lastDelivery && <p class={s.lead}>{t.purpose}</p>}
      </div>
      <dl class={card.pairs}>
        {lastDelivery && (
          <>
            <dt>{t.lastPush}</dt>
            <dd>
              <Time at={lastDelivery.receivedAt} /> {lastDelivery.ref && <>{t.pushTo(shortRef(lastDelivery.ref))} </>}
              <span class={card.quiet}>{t.by(lastDelivery.provider)}</span>{' '}
              {lastDelivery.deliveryId && (
                <a href={`/deliveries/${encodeURIComponent(lastDelivery.deliveryId)}`}>{t.openDelivery}</a>
              )}
            </dd>
          </>
        )}
        {lastPingAt && (
          <>
            <dt>{t.lastPing}</dt>
            <dd>
              <Time at={lastPingAt} />
            </dd>
          </>
        )}
        <dt>{t.secret}</dt>
        <dd>{secretWord}</dd>
        <dt>{t.address}</dt>
        <dd>
          {addresses[0] === undefined ? (
            <span class={card.quiet}>{t.addressUnknown}</span>
          ) : (
            <CopyLine text={addresses[0]} label={t.address} />
          )}
        </dd>
      </dl>
      {lastDelivery && lastDelivery.applications.length > 0 && (
        <div class={card.stack}>
          <h3>{t.verdicts}</h3>
          <ul role="list" class={s.verdicts}>
            {lastDelivery.applications.slice(0, 6).map(({ name, verdict, reason }) => (
              <li key={name}>
                <a class={s.grow} href={`/applications/${encodeURIComponent(name)}`}>
                  <Name>{name}</Name>
                </a>
                <VerdictSign verdict={verdict} />
                <span class={`${card.quiet} ${s.reason}`}>{reason}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
