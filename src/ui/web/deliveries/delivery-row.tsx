// A push in the list: what it brought, where to, by whom, and what it meant.

import { GitBranch, RotateCcw, ShieldOff, Tag } from 'lucide';
import { Icon } from '../parts/icon.tsx';
import { Pill } from '../parts/mark.tsx';
import { Name, Revision } from '../parts/name.tsx';
import { Time } from '../parts/time.tsx';
import { useWords } from '../words/words.ts';
import s from './deliveries.module.css';
import { changeOf, type Delivery, refKind, shortRef, shortRepository, verdictsOf } from './delivery-list.ts';
import { deliveryWords } from './delivery-words.ts';
import { VerdictSign } from './verdict-sign.tsx';

const SHOWN = 3;

export function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const t = useWords(deliveryWords);
  const { key, repository, ref, pusher, receivedAt, commits = [], moreCommits = 0, isForced, proof } = delivery;
  const newest = commits.at(-1);
  const verdicts = verdictsOf(delivery);
  const count = commits.length + moreCommits;
  return (
    <li class={s.row}>
      <div class={s.what}>
        <a class={s.link} href={`/deliveries/${key}`}>
          <Name>{shortRepository(repository)}</Name>
        </a>
        <span class={s.ref} title={ref}>
          <Icon icon={refKind(ref) === 'branch' ? GitBranch : Tag} size={14} />
          <Name>{shortRef(ref)}</Name>
        </span>
        <Change delivery={delivery} />
        {/-replay-[0-9a-f]{8}$/.test(delivery.deliveryId) && <Pill icon={RotateCcw} meaning="neutral" word={t.again} />}
        {isForced === true && <Pill icon={GitBranch} meaning="warn" word={t.forcedWord} title={t.forced} />}
        {proof === 'none' && <Pill icon={ShieldOff} meaning="warn" word={t.proofWord.none} title={t.proof.none} />}
      </div>
      <p class={s.message}>
        {newest ? newest.message || newest.id.slice(0, 7) : ''}
        {count > 1 && <span class={s.quiet}> · {t.commits(count)}</span>}
      </p>
      <p class={s.who}>
        {pusher ?? t.unknownPusher}
        <span aria-hidden="true"> · </span>
        <Time at={receivedAt} />
      </p>
      <ul role="list" class={s.verdicts}>
        {verdicts.length === 0 && <li class={s.quiet}>{delivery.state === 'open' ? t.open : t.noConcern}</li>}
        {verdicts.slice(0, SHOWN).map(([verdict, of]) => (
          <li key={verdict}>
            <VerdictSign verdict={verdict} count={of} />
          </li>
        ))}
        {verdicts.length > SHOWN && <li class={s.quiet}>+{verdicts.length - SHOWN}</li>}
      </ul>
    </li>
  );
}

/** `3f9c1a2 → 8b1d07e` */
export function Change({ delivery }: { readonly delivery: Delivery }) {
  const t = useWords(deliveryWords);
  const { before, after } = delivery;
  const kind = changeOf(delivery);
  if (after === undefined) return null;
  return (
    <span class={s.change}>
      {kind === 'created' ? <span class={s.quiet}>{t.created}</span> : <Revision>{before}</Revision>}
      <span aria-hidden="true">→</span>
      {kind === 'deleted' ? <span class={s.quiet}>{t.deleted}</span> : <Revision>{after}</Revision>}
    </span>
  );
}
