// Whether a repository or a cluster can be reached: a sign for lists, and the whole story for its page.

import { CircleCheck, CircleDashed, CircleX, LoaderCircle } from 'lucide';
import { useWords } from '../words/words.ts';
import { connectionKind } from './connection-kind.ts';
import s from './connection-sign.module.css';
import { connectionWords } from './connection-words.ts';
import { Sign } from './mark.tsx';
import { partWords } from './part-words.ts';
import { Time } from './time.tsx';

/** As the API has it (v1alpha1.ConnectionState). */
export interface Connection {
  readonly status: 'Successful' | 'Failed' | 'Unknown';
  readonly message: string;
  readonly attemptedAt: unknown;
}

const LOOKS = {
  Successful: { icon: CircleCheck, meaning: 'good' },
  Failed: { icon: CircleX, meaning: 'bad' },
  Unknown: { icon: CircleDashed, meaning: 'neutral' },
} as const;

interface Props {
  readonly connection: Connection | undefined;
  /** It is asked right now. */
  readonly isTrying?: boolean;
}

export function ConnectionSign({ connection, isTrying = false }: Props) {
  const t = useWords(connectionWords);
  if (isTrying) return <Sign icon={LoaderCircle} meaning="work" word={t.trying} />;
  const { status, message } = connection ?? { status: 'Unknown' as const, message: '' };
  const title = status === 'Failed' ? t.kinds[connectionKind(message)] : undefined;
  return <Sign {...LOOKS[status]} word={t[status]} title={title} />;
}

/** With when it was tried, what is wrong, what to do, and the server's own words. */
export function ConnectionStory({ connection, isTrying = false }: Props) {
  const t = useWords(connectionWords);
  const parts = useWords(partWords);
  const at = typeof connection?.attemptedAt === 'string' ? connection.attemptedAt : undefined;
  const isFailed = !isTrying && connection?.status === 'Failed';
  return (
    <div class={s.story}>
      <p class={s.line}>
        <ConnectionSign connection={connection} isTrying={isTrying} />
        {!isTrying && at !== undefined && (
          <span class={s.quiet}>
            {t.tried} <Time at={at} />
          </span>
        )}
      </p>
      {isFailed && (
        <div class={s.failed}>
          <div class={s.text}>
            <p>{t.kinds[connectionKind(connection.message)]}</p>
            <details>
              <summary>{parts.serverSaid}</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
              <pre tabIndex={0}>{connection.message}</pre>
            </details>
          </div>
        </div>
      )}
    </div>
  );
}
