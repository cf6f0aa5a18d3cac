// How the UI looks, with a sample, and what this hawser is.

import { Monitor, Moon, RefreshCw, Sun } from 'lucide';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Segments } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name, Revision } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { density, isRailPinned, language, theme } from '../state/preferences.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import s from './settings.module.css';
import { settingsWords } from './settings-words.ts';

const THEMES = { light: Sun, dark: Moon, system: Monitor } as const;
const LANGUAGES = { en: 'English', ko: '한국어' } as const;

export default function SettingsView() {
  const t = useWords(settingsWords);
  useCrumbs([{ label: t.title }]);
  return (
    <Page title={t.title}>
      <p class={s.lead}>{t.intro}</p>
      <div class={s.columns}>
        <section class={`${card.card} ${card.pad} ${s.choices}`} aria-label={t.title}>
          <Segments
            label={t.theme}
            value={theme.value}
            choices={keysOf(THEMES).map((value) => ({ value, label: t[value], icon: <Icon icon={THEMES[value]} /> }))}
            onChange={(value) => {
              theme.value = oneOf(keysOf(THEMES), value) ?? 'system';
            }}
          />
          <div class={s.choice}>
            <Segments
              label={t.density}
              value={density.value}
              choices={(['comfortable', 'compact'] as const).map((value) => ({ value, label: t[value] }))}
              onChange={(value) => {
                density.value = value === 'compact' ? 'compact' : 'comfortable';
              }}
            />
            <p class={s.hint}>{t.densityHint}</p>
          </div>
          <Segments
            label={t.language}
            value={language.value}
            choices={keysOf(LANGUAGES).map((value) => ({ value, label: LANGUAGES[value] }))}
            onChange={(value) => {
              language.value = oneOf(keysOf(LANGUAGES), value) ?? 'en';
            }}
          />
          <div class={s.choice}>
            <Segments
              label={t.rail}
              value={isRailPinned.value ? 'pinned' : 'small'}
              choices={(['small', 'pinned'] as const).map((value) => ({ value, label: t[value] }))}
              onChange={(value) => {
                isRailPinned.value = value === 'pinned';
              }}
            />
            <p class={s.hint}>{t.railHint}</p>
          </div>
        </section>
        <Sample />
      </div>
      <About />
    </Page>
  );
}

const SAMPLES = [
  { name: 'shop-frontend', sync: 'Synced', health: 'Healthy', revision: '3f9c1a2b7d5e4f60718293a4b5c6d7e8f9012345' },
  {
    name: 'shop-payments',
    sync: 'OutOfSync',
    health: 'Progressing',
    revision: '8b1d07e4c2a96f5038e7d1c4b0a9f8e7d6c5b4a3',
  },
  { name: 'shop-search', sync: 'OutOfSync', health: 'Degraded', revision: 'v2.14.0' },
] as const;

function Sample() {
  const t = useWords(settingsWords);
  return (
    <section class={card.card} aria-labelledby="sample">
      <header class={card.head}>
        <h2 id="sample">{t.sample}</h2>
        <div class={card.row}>
          <Button kind="quiet" icon={RefreshCw}>
            {t.quietAction}
          </Button>
          <Button kind="primary">{t.action}</Button>
        </div>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <div class={card.scroll} role="region" aria-label={t.sampleRows} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.application}</th>
              <th scope="col">{t.state}</th>
              <th scope="col">{t.health}</th>
              <th scope="col">{t.revision}</th>
            </tr>
          </thead>
          <tbody>
            {SAMPLES.map(({ name, sync, health, revision }) => (
              <tr key={name}>
                <td>
                  <Name>{name}</Name>
                </td>
                <td>
                  <Mark of="sync" state={sync} />
                </td>
                <td>
                  <Mark of="health" state={health} />
                </td>
                <td>
                  <Revision>{revision}</Revision>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function About() {
  const t = useWords(settingsWords);
  return (
    <section class={card.card} aria-labelledby="about">
      <header class={card.head}>
        <h2 id="about">{t.about}</h2>
      </header>
      <div class={card.pad}>
        <dl class={card.pairs}>
          <dt>{t.version}</dt>
          <dd>{start.version}</dd>
          <dt>{t.who}</dt>
          <dd>
            {start.user ? <a href={`/accounts/${encodeURIComponent(start.user.name)}`}>{start.user.name}</a> : t.nobody}
          </dd>
          <dt>{t.namespace}</dt>
          <dd class="mono">{start.namespace}</dd>
          <dt>{t.api}</dt>
          <dd>
            <a href="/openapi.json" target="_blank" rel="noreferrer">
              /openapi.json
            </a>{' '}
            <span class={card.quiet}>{t.apiText}</span>
          </dd>
          <dt>{t.shortcuts}</dt>
          <dd>{t.shortcutsText}</dd>
          <dt>{t.licence}</dt>
          <dd>{t.licenceText}</dd>
        </dl>
      </div>
    </section>
  );
}

function keysOf<T extends object>(table: T): readonly (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[];
}

function oneOf<T extends string>(all: readonly T[], value: string): T | undefined {
  return all.find((one) => one === value);
}
