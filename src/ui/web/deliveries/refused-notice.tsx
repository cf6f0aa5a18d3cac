// What was sent to the webhook and refused, for those who can do something about it.

import { ShieldX } from 'lucide';
import { call } from '../api/call.ts';
import card from '../parts/card.module.css';
import { Icon } from '../parts/icon.tsx';
import { Time } from '../parts/time.tsx';
import { useLoad } from '../state/load.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import s from './deliveries.module.css';
import { deliveryWords } from './delivery-words.ts';

export function RefusedNotice() {
  return may('repositories', 'get', '*') === true ? <Refused /> : null;
}

function Refused() {
  const t = useWords(deliveryWords);
  const { value } = useLoad((signal) => call('GET /api/v1/refused-deliveries', { signal }), []);
  const items = value?.items ?? [];
  if (items.length === 0) return null;
  return (
    <details class={`${card.card} ${s.refused}`}>
      <summary>
        <Icon icon={ShieldX} class={s.bad} />
        <strong>{t.refused}</strong>
        <span class={s.quiet}>
          {t.refusedTimes(items.reduce((sum, { times }) => sum + times, 0))}, {t.lastAt} <Time at={items[0]?.lastAt} />
        </span>
      </summary>
      <ul role="list" class={s.refusedList}>
        {items.map(({ provider, code, reason, hint, times, lastAt }) => (
          <li key={`${provider} ${code}`}>
            <p>
              <strong>{provider === 'unknown' ? t.unknownSender : provider}</strong>{' '}
              <span class={s.quiet}>
                {t.refusedTimes(times)}, {t.lastAt} <Time at={lastAt} />
              </span>
            </p>
            <p>{reason}</p>
            {hint !== undefined && <p class={s.quiet}>{hint}</p>}
          </li>
        ))}
      </ul>
      <p class={`${s.quiet} ${s.refusedFoot}`}>{t.refusedText}</p>
    </details>
  );
}
