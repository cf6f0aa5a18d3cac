// Something to copy: a command, an address, a token.

import { Check, Copy as CopyIcon } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import s from './copy.module.css';
import { partWords } from './part-words.ts';

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useWords(partWords);
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
  };
  return (
    <>
      <Button kind="quiet" icon={isDone ? Check : CopyIcon} label={label ?? t.copy} onClick={copy} />
      <span class="visually-hidden" role="status">
        {isDone ? t.copied : ''}
      </span>
    </>
  );
}

/** A line of text in the type of code, with a button that copies it. `label` says what it is. */
export function CopyLine({ text, label }: { readonly text: string; readonly label?: string }) {
  return (
    <div class={s.line}>
      <code class={s.code}>{text}</code>
      <CopyButton text={text} {...(label !== undefined && { label })} />
    </div>
  );
}

/** The command that does the same, folded. */
export function AsCommand({ command }: { readonly command: string }) {
  const t = useWords(partWords);
  return (
    <details class={s.command}>
      <summary>{t.asCommand}</summary>
      <CopyLine text={command} />
    </details>
  );
}
