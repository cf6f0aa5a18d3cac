// The bar at the top: where one is, the palette, whether all is reached, who looks, and how it looks.

import { ChevronsUpDown, CircleUser, Languages, LogIn, LogOut, Monitor, Moon, Search, Settings2, Sun } from 'lucide';
import { Fragment } from 'preact';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Menu, type MenuItem } from '../parts/menu.tsx';
import { language, theme } from '../state/preferences.ts';
import { start } from '../state/start.ts';
import { forgetTabOnLeaving } from '../state/tab-storage.ts';
import { useWords } from '../words/words.ts';
import { ClusterMark } from './cluster-mark.tsx';
import { crumbs } from './crumbs.ts';
import { isPaletteOpen } from './palette-state.ts';
import { shellWords } from './shell-words.ts';
import s from './top-bar.module.css';

export function TopBar() {
  const t = useWords(shellWords);
  return (
    <header class={s.bar}>
      <nav class={s.crumbs} aria-label={t.breadcrumb}>
        {crumbs.value.map(({ label, href }, index) => (
          <Fragment key={label}>
            {index > 0 && (
              <span class={s.slash} aria-hidden="true">
                /
              </span>
            )}
            {href === undefined ? (
              <button
                type="button"
                class={s.here}
                aria-current="page"
                title={t.switchFrom(label)}
                onClick={() => {
                  isPaletteOpen.value = true;
                }}
              >
                <span>{label}</span>
                <Icon icon={ChevronsUpDown} size={14} />
              </button>
            ) : (
              <a href={href}>{label}</a>
            )}
          </Fragment>
        ))}
      </nav>
      <button
        type="button"
        class={s.palette}
        aria-keyshortcuts="Meta+K Control+K"
        onClick={() => {
          isPaletteOpen.value = true;
        }}
      >
        <Icon icon={Search} />
        <span class={s.paletteText}>{t.palette}</span>
        <kbd class={s.kbd}>{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <ClusterMark />
      <Menu kind="quiet" isIconOnly icon={Languages} label={t.language} items={languageItems()} />
      <Menu
        kind="quiet"
        isIconOnly
        icon={theme.value === 'dark' ? Moon : theme.value === 'light' ? Sun : Monitor}
        label={t.theme}
        items={themeItems(t)}
      />
      {start.user ? (
        <Menu
          kind="quiet"
          isIconOnly
          icon={CircleUser}
          label={t.signedInAs(start.user.name)}
          items={accountItems(t, start.user.name)}
        />
      ) : (
        start.canLogIn && (
          <Button
            kind="quiet"
            icon={LogIn}
            href={`/login?return_url=${encodeURIComponent(location.pathname + location.search)}`}
          >
            {t.logIn}
          </Button>
        )
      )}
    </header>
  );
}

type ShellWords = (typeof shellWords)['en'];

function languageItems(): MenuItem[] {
  return (
    [
      ['en', 'English'],
      ['ko', '한국어'],
    ] as const
  ).map(([code, label]) => ({
    label,
    isChecked: language.value === code,
    onSelect: () => {
      language.value = code;
    },
  }));
}

function themeItems(t: ShellWords): MenuItem[] {
  const icons = { light: Sun, dark: Moon, system: Monitor } as const;
  return (['light', 'dark', 'system'] as const).map((name) => ({
    label: t[name],
    icon: icons[name],
    isChecked: theme.value === name,
    onSelect: () => {
      theme.value = name;
    },
  }));
}

function accountItems(t: ShellWords, name: string): (MenuItem | 'line')[] {
  return [
    { label: name, icon: CircleUser, href: `/accounts/${encodeURIComponent(name)}` },
    { label: t.settings, icon: Settings2, href: '/settings' },
    'line',
    {
      label: t.logOut,
      icon: LogOut,
      // A page of the server's: it leads to the provider's where there is one.
      onSelect: () => {
        forgetTabOnLeaving();
        location.assign('/auth/logout');
      },
    },
  ];
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
