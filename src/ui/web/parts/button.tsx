// What is pressed: a button, or a link that looks like one.

import type { IconNode } from 'lucide';
import { LoaderCircle } from 'lucide';
import type { ComponentChildren } from 'preact';
import s from './button.module.css';
import { Icon } from './icon.tsx';

interface Props {
  /** `primary`: what this page or sheet is for, once. `quiet` has no frame. `danger` deletes. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: IconNode;
  /** What a button that shows an icon alone is called; hovering shows it. */
  readonly label?: string;
  readonly isBusy?: boolean;
  /** Why it cannot be pressed now; undefined where it can. It stays in the order of focus, so that the reason is found. */
  readonly reason?: string | undefined;
  readonly href?: string;
  readonly type?: 'button' | 'submit';
  readonly onClick?: ((event: Event) => void) | undefined;
  readonly children?: ComponentChildren;
  readonly class?: string | undefined;
  readonly 'aria-expanded'?: boolean | undefined;
  readonly 'aria-haspopup'?: 'menu' | 'dialog' | undefined;
  readonly 'aria-pressed'?: boolean | undefined;
  readonly 'aria-controls'?: string | undefined;
  readonly 'aria-keyshortcuts'?: string | undefined;
  readonly id?: string;
}

export function Button(props: Props) {
  const { kind = 'plain', icon, label, isBusy, reason, href, type = 'button', onClick, children, ...rest } = props;
  const isOff = reason !== undefined || isBusy === true;
  const className = [s.button, s[kind], children === undefined ? s.bare : '', props.class].filter(Boolean).join(' ');
  const content = (
    <>
      {isBusy ? <Icon icon={LoaderCircle} class={s.busy} /> : icon && <Icon icon={icon} />}
      {children !== undefined && <span>{children}</span>}
    </>
  );
  const title = reason ?? label;
  const named = { ...(label !== undefined && { 'aria-label': label }), ...(title !== undefined && { title }) };
  if (href !== undefined && !isOff) {
    return (
      <a {...rest} {...named} class={className} href={href} onClick={onClick}>
        {content}
      </a>
    );
  }
  const press = (event: MouseEvent) => {
    if (isOff) {
      event.preventDefault();
      return;
    }
    onClick?.(event);
  };
  return (
    <button {...rest} {...named} type={type} class={className} aria-disabled={isOff || undefined} onClick={press}>
      {content}
    </button>
  );
}
