// What happened to a project of late, as Kubernetes keeps it.

import { ScrollText } from 'lucide';
import { call } from '../api/call.ts';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Time } from '../parts/time.tsx';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';

export function EventsPart({ name }: { readonly name: string }) {
  const t = useWords(projectWords);
  const { value, error, reload } = useLoad(
    (signal) => call('GET /api/v1/projects/{project}/events', { params: { project: name }, signal }),
    [name],
  );
  if (error !== undefined && value === undefined) return <Problem error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  if (value.items.length === 0) {
    return (
      <Empty icon={ScrollText} title={t.noEvents}>
        <p>{t.noEventsText}</p>
      </Empty>
    );
  }
  const events = value.items.map((item) => ({
    at: text(item.lastTimestamp) ?? text(item.firstTimestamp) ?? text(item.eventTime),
    reason: text(item.reason) ?? '',
    message: text(item.message) ?? '',
  }));
  events.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
  return (
    <ol role="list" class={card.card} aria-label={t.events}>
      {events.map(({ at, reason, message }, index) => (
        <li key={index} class={s.event}>
          <span class={s.quiet}>
            <Time at={at} />
          </span>
          <strong>{reason}</strong>
          <span>{message}</span>
        </li>
      ))}
    </ol>
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
