// What has just been committed, and where it goes on.

import { CircleCheck, ExternalLink } from 'lucide';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../words/words.ts';
import s from './committed-note.module.css';
import n from './note.module.css';
import type { Committed } from './try-page.tsx';
import { tryWords } from './try-words.ts';

interface Props {
  readonly committed: Committed;
  readonly name: string;
  readonly href: string;
}

export function CommittedNote({ committed, name, href }: Props) {
  const t = useWords(tryWords);
  const { commit, branch, url } = committed;
  const isRequest = url !== undefined && !url.includes(`/commit/${commit}`);
  return (
    <div class={`${n.note} ${s.good}`} role="status">
      <Icon icon={CircleCheck} class={s.icon} />
      <p class={n.text}>{t.committed(commit.slice(0, 7), branch)}</p>
      {url !== undefined && /^https?:/.test(url) && (
        <Button kind={isRequest ? 'primary' : 'plain'} icon={ExternalLink} href={url}>
          {isRequest ? t.openRequest : t.showCommit}
        </Button>
      )}
      <Button href={href}>{t.backTo(name)}</Button>
    </div>
  );
}
