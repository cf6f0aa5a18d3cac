// A page: its title, what can be done with all of it, and its content.

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import s from './page.module.css';

interface Props {
  /** Of the document, too. */
  readonly title: string;
  /** In place of the title, where more than the text is shown. */
  readonly heading?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** How it is, in a sentence: below the title, and on a phone before what can be done. */
  readonly lead?: ComponentChildren;
  /** All of the width, for tables and trees. */
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

export function Page({ title, heading, actions, lead, isWide = false, children }: Props) {
  useEffect(() => {
    document.title = `${title} · hawser`;
  }, [title]);
  return (
    <div class={`${s.page} ${isWide ? s.wide : ''}`}>
      <header class={`${s.head} ${lead ? s.led : ''}`}>
        <h1 class={s.title}>{heading ?? title}</h1>
        {lead && <div class={s.lead}>{lead}</div>}
        {actions && <div class={s.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
