// Local accounts and what whoever looks may do: the list, or one of them.

import { CircleCheck, CircleSlash, UserRound } from 'lucide';
import { useLocation, useRoute } from 'preact-iso';
import { type Answer, call } from '../api/call.ts';
import card from '../parts/card.module.css';
import { AsCommand, CopyLine } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loading } from '../parts/loading.tsx';
import { Sign } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import { AccountPage } from './account-page.tsx';
import s from './accounts.module.css';
import { accountsWords } from './accounts-words.ts';
import { RightsTable } from './rights-table.tsx';

export type Account = Answer<'GET /api/v1/account'>['items'][number];

export default function AccountsView() {
  const { name } = useRoute().params;
  return name === undefined || name === '' ? <Accounts /> : <AccountPage key={name} name={name} />;
}

function Accounts() {
  const t = useWords(accountsWords);
  const query = useQuery();
  const isRights = query.get('tab') === 'rights';
  useCrumbs([{ label: t.title }]);
  return (
    <Page title={t.title}>
      <Tabs
        label={t.title}
        tabs={[
          { label: t.tabs.accounts, href: '/accounts', isCurrent: !isRights },
          { label: t.tabs.rights, href: '/accounts?tab=rights', isCurrent: isRights },
        ]}
      />
      {isRights ? <RightsTable /> : <List />}
    </Page>
  );
}

function List() {
  const t = useWords(accountsWords);
  const { value, error, isLoading, reload } = useLoad((signal) => call('GET /api/v1/account', { signal }), []);
  const me = useLoad((signal) => call('GET /api/v1/session/userinfo', { signal }), []).value;
  const items = value?.items ?? [];
  const isLocal = me?.iss === 'argocd';
  return (
    <div class={card.stack}>
      {me && !me.loggedIn && <p class={s.lead}>{t.nobody}</p>}
      {me?.loggedIn && !isLocal && me.iss && <p class={s.lead}>{t.signedInBy(me.username ?? '', me.iss)}</p>}
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {value === undefined && isLoading && <Loading />}
      {value !== undefined && items.length === 0 && (
        <Empty icon={UserRound} title={t.empty}>
          <p>{t.emptyText}</p>
        </Empty>
      )}
      {items.length > 0 && <Table accounts={items} own={isLocal ? me?.username : undefined} />}
      {items.length > 0 && (
        <details class={s.more}>
          <summary>{t.howToAdd}</summary>
          <div class={card.stack}>
            <p class={s.lead}>{t.howToAddText}</p>
            <CopyLine
              text={`kubectl -n ${start.namespace} patch configmap argocd-cm --type merge -p '{"data":{"accounts.kim":"login, apiKey"}}'`}
            />
          </div>
        </details>
      )}
      {items.length > 0 && <AsCommand command="hawser account list" />}
    </div>
  );
}

function Table({ accounts, own }: { readonly accounts: readonly Account[]; readonly own: string | undefined }) {
  const t = useWords(accountsWords);
  const { route } = useLocation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section class={`${card.card} ${card.scroll}`} tabIndex={0} aria-label={t.tabs.accounts}>
      <table>
        <thead>
          <tr>
            <th>{t.columns.account}</th>
            <th>{t.columns.state}</th>
            <th class={s.wide}>{t.columns.capabilities}</th>
            <th class={`${card.number} ${s.wide}`}>{t.columns.tokens}</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ name, enabled, capabilities, tokens = [] }) => (
            <tr
              key={name}
              class={s.row}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest('a, button')) return;
                route(`/accounts/${encodeURIComponent(name)}`);
              }}
            >
              <td>
                <a href={`/accounts/${encodeURIComponent(name)}`} class={s.name}>
                  <Name>{name}</Name>
                </a>
                {name === own && <span class={s.you}>{t.you}</span>}
              </td>
              <td>
                <EnabledSign isEnabled={enabled} />
              </td>
              <td class={s.wide}>{capabilityWords(capabilities, t)}</td>
              <td class={`${card.number} ${s.wide}`}>{tokens.length}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function EnabledSign({ isEnabled }: { readonly isEnabled: boolean }) {
  const t = useWords(accountsWords);
  return isEnabled ? (
    <Sign icon={CircleCheck} meaning="good" word={t.enabled} />
  ) : (
    <Sign icon={CircleSlash} meaning="neutral" word={t.disabled} />
  );
}

export function capabilityWords(
  capabilities: readonly string[],
  t: { readonly login: string; readonly apiKey: string; readonly nothing: string },
): string {
  const words: Readonly<Record<string, string>> = { login: t.login, apiKey: t.apiKey };
  return capabilities.map((capability) => words[capability] ?? capability).join(', ') || t.nothing;
}
