// Tells that a stream was lost, and of when what is shown is. The page stays usable.

import { CloudOff } from 'lucide';
import { Icon } from '../parts/icon.tsx';
import { lookedAt } from '../state/live.ts';
import { language } from '../state/preferences.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import s from './connection.module.css';
import { shellWords } from './shell-words.ts';

export function Connection() {
  const t = useWords(shellWords);
  const lost = [...lookedAt.value].map(({ value }) => value).filter((state) => state.kind === 'lost');
  const asOf = Math.min(...lost.map(({ asOf: at }) => at));
  return (
    <div role="status">
      {lost.length > 0 && (
        <p class={s.lost}>
          <Icon icon={CloudOff} />
          {t.reconnecting(new Intl.DateTimeFormat(language.value, { timeStyle: 'medium' }).format(asOf))}
        </p>
      )}
      {start.alongside && <p class={s.beside}>{t.alongside}</p>}
    </div>
  );
}
