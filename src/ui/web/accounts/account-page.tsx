// One local account: what it may, its password, and its tokens.

import { KeyRound, Plus } from 'lucide';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { ConfirmName } from '../parts/confirm-name.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { Time } from '../parts/time.tsx';
import { tell } from '../parts/toast.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { now } from '../state/clock.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import s from './accounts.module.css';
import type { Account } from './accounts-view.tsx';
import { capabilityWords, EnabledSign } from './accounts-view.tsx';
import { accountsWords } from './accounts-words.ts';
import { PasswordSheet } from './password-sheet.tsx';
import { TokenSheet } from './token-sheet.tsx';

export function AccountPage({ name }: { readonly name: string }) {
  const t = useWords(accountsWords);
  const query = useQuery();
  const { value, error, isLoading, reload } = useLoad(
    (signal) => call('GET /api/v1/account/{name}', { params: { name }, signal }),
    [name],
  );
  const me = useLoad((signal) => call('GET /api/v1/session/userinfo', { signal }), []).value;
  useCrumbs([{ label: t.title, href: '/accounts' }, { label: name }]);
  const isOwn = me?.iss === 'argocd' && me.username === name;
  const mayUpdate = isOwn || may('accounts', 'update', name) === true;
  const part = query.get('part');
  const close = () => query.set({ part: undefined, token: undefined });

  if (error !== undefined && value === undefined) {
    const isGone = error instanceof ApiError && (error.status === 403 || error.status === 404);
    return (
      <Page title={name}>
        <Problem error={error} {...(isGone && { title: t.notFound })} onRetry={reload} />
      </Page>
    );
  }
  const canLogIn = value?.capabilities.includes('login') ?? false;
  const canHaveTokens = value?.capabilities.includes('apiKey') ?? false;
  const chosen = value?.tokens?.find(({ id }) => part === 'revoke' && id === query.get('token'));
  return (
    <Page
      title={name}
      heading={
        <>
          <Name>{name}</Name>
          {isOwn && <span class={s.you}>{t.you}</span>}
        </>
      }
      actions={
        value && (
          <Button
            icon={KeyRound}
            reason={canLogIn ? (mayUpdate ? undefined : t.mayNotUpdate) : t.noLogin}
            onClick={() => query.set({ part: 'password' }, true)}
          >
            {t.changePassword}
          </Button>
        )
      }
    >
      {value === undefined && isLoading && <Loading />}
      {value && (
        <div class={card.stack}>
          <dl class={`${card.card} ${card.pad} ${card.pairs}`}>
            <dt>{t.columns.state}</dt>
            <dd>
              <EnabledSign isEnabled={value.enabled} />
            </dd>
            <dt>{t.capabilities}</dt>
            <dd>{capabilityWords(value.capabilities, t)}</dd>
          </dl>
          <Tokens
            account={value}
            reason={canHaveTokens ? (mayUpdate ? undefined : t.mayNotUpdate) : t.noTokens}
            mayUpdate={mayUpdate}
          />
          <AsCommand command={shellCommand('hawser', 'account', 'get', ['--account', name])} />
        </div>
      )}
      {part === 'password' && me && <PasswordSheet {...{ name, isOwn, me }} onClose={close} />}
      {part === 'token' && value && (
        <TokenSheet
          name={name}
          onClose={() => {
            close();
            reload();
          }}
        />
      )}
      {chosen && (
        <ConfirmName
          title={t.revokeTitle(chosen.id)}
          name={chosen.id}
          action={t.revoke}
          onClose={close}
          onConfirm={async () => {
            await call('DELETE /api/v1/account/{name}/token/{id}', { params: { name, id: chosen.id } });
            tell(t.revoked);
            close();
            reload();
          }}
        >
          <p>{t.revokeText}</p>
          <AsCommand command={shellCommand('hawser', 'account', 'delete-token', chosen.id, ['--account', name])} />
        </ConfirmName>
      )}
    </Page>
  );
}

function Tokens({
  account: { tokens = [] },
  reason,
  mayUpdate,
}: {
  readonly account: Account;
  /** Why none can be made. */
  readonly reason: string | undefined;
  readonly mayUpdate: boolean;
}) {
  const t = useWords(accountsWords);
  const query = useQuery();
  return (
    <section class={card.card}>
      <header class={card.head}>
        <h2>{t.tokens}</h2>
        <Button icon={Plus} reason={reason} onClick={() => query.set({ part: 'token' }, true)}>
          {t.makeToken}
        </Button>
      </header>
      {tokens.length === 0 ? (
        <div class={`${card.pad} ${s.text}`}>
          <p>{t.tokensNone}</p>
          <p class={card.quiet}>{t.tokensText}</p>
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section class={card.scroll} tabIndex={0} aria-label={t.tokens}>
          <table>
            <thead>
              <tr>
                <th>{t.id}</th>
                <th class={s.wide}>{t.issued}</th>
                <th>{t.expiresAt}</th>
                <th>
                  <span class="visually-hidden">{t.menu}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map(({ id, issuedAt, expiresAt }) => (
                <tr key={id}>
                  <td>
                    <Name isMono>{id}</Name>
                  </td>
                  <td class={s.wide}>
                    <Time at={instant(issuedAt)} />
                  </td>
                  <td>
                    <Expiry at={expiresAt} />
                  </td>
                  <td class={s.end}>
                    <Button
                      kind="quiet"
                      reason={mayUpdate ? undefined : t.mayNotUpdate}
                      onClick={() => query.set({ part: 'revoke', token: id }, true)}
                    >
                      {t.revoke}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function Expiry({ at }: { readonly at: number | undefined }) {
  const t = useWords(accountsWords);
  if (at === undefined) return <span class={card.quiet}>{t.never}</span>;
  if (at * 1_000 <= now.value) return <span class={card.quiet}>{t.ended}</span>;
  return <Time at={instant(at)} />;
}

/** Seconds since the Unix epoch as RFC 3339. */
function instant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
