// The fields by which somebody says what a repository, or all below an address, is reached with.

import { CheckField, Segments, TextArea, TextField } from '../parts/field.tsx';
import { useWords } from '../words/words.ts';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';
import type { CredentialsWay, FormProblems, RepositoryForm } from './repository-form.ts';

interface Props {
  readonly form: RepositoryForm;
  /** Only what was tried already is said to be wrong. */
  readonly problems: FormProblems;
  readonly change: (change: Partial<RepositoryForm>) => void;
  readonly ways: readonly CredentialsWay[];
}

export function CredentialFields({ form, problems, change, ways }: Props) {
  const t = useWords(repositoriesWords);
  const errorOf = (key: keyof RepositoryForm) => {
    const problem = problems[key];
    return problem === undefined ? undefined : t.problems[problem];
  };
  return (
    <>
      <div class={s.form}>
        <Segments
          label={t.form.credentials}
          value={form.way}
          choices={ways.map((value) => ({ value, label: t.form.ways[value] }))}
          onChange={(way) => change({ way: ways.find((one) => one === way) ?? 'none' })}
        />
        {form.way === 'none' && <p class={s.hint}>{errorOf('way') ?? t.form.inheritHint}</p>}
        {form.way === 'keep' && <p class={s.hint}>{t.form.keepHint}</p>}
        {form.way === 'basic' && (
          <div class={s.pair}>
            <TextField
              label={t.form.username}
              hint={t.form.usernameHint}
              value={form.username}
              autocomplete="off"
              onInput={(username) => change({ username })}
            />
            <TextField
              label={t.form.password}
              type="password"
              autocomplete="new-password"
              value={form.password}
              error={errorOf('password')}
              onInput={(password) => change({ password })}
            />
          </div>
        )}
        {form.way === 'bearer' && (
          <TextField
            label={t.form.bearerToken}
            type="password"
            autocomplete="new-password"
            value={form.bearerToken}
            error={errorOf('bearerToken')}
            onInput={(bearerToken) => change({ bearerToken })}
          />
        )}
      </div>
      <details class={s.more} open={hasMore(form) || problems.clientCert !== undefined || undefined}>
        <summary>{t.form.more}</summary>
        <div class={s.form}>
          <CheckField
            label={t.form.insecure}
            hint={t.form.insecureHint}
            isChecked={form.insecure}
            onChange={(insecure) => change({ insecure })}
          />
          {form.type === 'git' && (
            <CheckField label={t.form.lfs} isChecked={form.enableLfs} onChange={(enableLfs) => change({ enableLfs })} />
          )}
          <CheckField
            label={t.form.forceBasic}
            isChecked={form.forceHttpBasicAuth}
            onChange={(forceHttpBasicAuth) => change({ forceHttpBasicAuth })}
          />
          <div class={s.pair}>
            <TextField
              label={t.form.proxy}
              isOptional
              placeholder="http://proxy.example.com:3128"
              value={form.proxy}
              onInput={(proxy) => change({ proxy })}
            />
            <TextField
              label={t.form.noProxy}
              isOptional
              hint={t.form.noProxyHint}
              value={form.noProxy}
              onInput={(noProxy) => change({ noProxy })}
            />
          </div>
          <TextArea
            label={t.form.clientCert}
            isOptional
            rows={3}
            placeholder="-----BEGIN CERTIFICATE-----"
            value={form.clientCert}
            error={errorOf('clientCert')}
            onInput={(clientCert) => change({ clientCert })}
          />
          <TextArea
            label={t.form.clientKey}
            isOptional
            rows={3}
            placeholder="-----BEGIN PRIVATE KEY-----"
            value={form.clientKey}
            error={errorOf('clientKey')}
            onInput={(clientKey) => change({ clientKey })}
          />
        </div>
      </details>
    </>
  );
}

function hasMore({ insecure, enableLfs, forceHttpBasicAuth, proxy, noProxy, clientCert }: RepositoryForm): boolean {
  return insecure || enableLfs || forceHttpBasicAuth || [proxy, noProxy, clientCert].some((text) => text !== '');
}
