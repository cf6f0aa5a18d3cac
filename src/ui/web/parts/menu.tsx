// A menu below a button. Arrow keys walk it, Escape closes it.

import type { IconNode } from 'lucide';
import { ChevronDown } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import s from './menu.module.css';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconNode;
  readonly href?: string;
  readonly onSelect?: () => void;
  readonly isDanger?: boolean;
  readonly isChecked?: boolean;
  /** Why it cannot be chosen now. */
  readonly reason?: string | undefined;
}

interface Props {
  /** What the button says, or is called where it shows an icon alone. */
  readonly label: string;
  readonly icon?: IconNode;
  readonly isIconOnly?: boolean;
  readonly kind?: 'plain' | 'quiet';
  /** `'line'` stands between groups. */
  readonly items: readonly (MenuItem | 'line')[];
  readonly children?: ComponentChildren;
}

export function Menu({ label, icon, isIconOnly = false, kind = 'plain', items, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const leave = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    itemsOf(root.current)[0]?.focus();
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        setOpen(true);
      }
      return;
    }
    const all = itemsOf(root.current);
    const here = all.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (step !== undefined) {
      event.preventDefault();
      all.at((here + step) % all.length)?.focus();
    } else if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      all.at(event.key === 'Home' ? 0 : -1)?.focus();
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of what is inside come here.
    <div ref={root} class={s.root} onKeyDown={onKeyDown}>
      <Button
        kind={kind}
        {...(icon && { icon })}
        {...(isIconOnly && { label })}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {isIconOnly ? undefined : (
          <span class={s.label}>
            {children ?? label}
            <Icon icon={ChevronDown} size={14} />
          </span>
        )}
      </Button>
      {isOpen && (
        <div class={s.menu} role="menu" aria-label={label}>
          {items.map((item, index) =>
            item === 'line' ? (
              <hr key={`line-${index}`} class={s.line} />
            ) : (
              <Item key={item.label} item={item} onDone={close} />
            ),
          )}
        </div>
      )}
    </div>
  );
}

function Item({ item, onDone }: { readonly item: MenuItem; readonly onDone: () => void }) {
  const { label, icon, href, onSelect, isDanger, isChecked, reason } = item;
  const className = `${s.item} ${isDanger ? s.danger : ''}`;
  const role = isChecked === undefined ? 'menuitem' : 'menuitemradio';
  const content = (
    <>
      {icon ? <Icon icon={icon} /> : <span class={s.gap} />}
      {label}
    </>
  );
  if (href !== undefined && reason === undefined) {
    return (
      <a class={className} role={role} tabIndex={-1} href={href} onClick={() => setTimeout(onDone)}>
        {content}
      </a>
    );
  }
  return (
    <button
      type="button"
      class={className}
      role={role}
      tabIndex={-1}
      aria-checked={isChecked}
      aria-disabled={reason !== undefined || undefined}
      title={reason}
      onClick={() => {
        if (reason !== undefined) return;
        onDone();
        onSelect?.();
      }}
    >
      {content}
    </button>
  );
}

function itemsOf(root: HTMLElement | null): readonly HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
}
