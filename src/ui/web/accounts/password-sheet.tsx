// Another password: one's own, or with the right to change accounts somebody else's.

import { useState } from 'preact/hooks';
import { type Answer, call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { TextField } from '../parts/field.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { tell } from '../parts/toast.tsx';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import s from './accounts.module.css';
import { accountsWords } from './accounts-words.ts';
import { DEFAULT_PATTERN, type PasswordForm, passwordProblems } from './password-problem.ts';

interface Props {
  readonly name: string;
  readonly isOwn: boolean;
  readonly me: Answer<'GET /api/v1/session/userinfo'>;
  readonly onClose: () => void;
}

export function PasswordSheet({ name, isOwn, me, onClose }: Props) {
  const t = useWords(accountsWords);
  const parts = useWords(partWords);
  const [form, setForm] = useState<PasswordForm>({ current: '', next: '', again: '' });
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const settings = useLoad((signal) => call('GET /api/v1/settings', { signal }), []).value;
  const pattern = typeof settings?.passwordPattern === 'string' ? settings.passwordPattern : DEFAULT_PATTERN;
  // Whoever comes by a provider or a token has no password here.
  const needsCurrent = me.iss === 'argocd';
  const problems = passwordProblems(form, { pattern, needsCurrent });
  const errorOf = (key: keyof PasswordForm) => {
    const problem = isTried ? problems[key] : undefined;
    if (problem === undefined) return undefined;
    return problem === 'pattern' ? t.problems.pattern(pattern) : t.problems[problem];
  };
  const save = async () => {
    setTried(true);
    if (Object.keys(problems).length > 0 || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await call('PUT /api/v1/account/password', {
        body: { name, newPassword: form.next, ...(needsCurrent && { currentPassword: form.current }) },
      });
      tell(t.changed);
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={isOwn ? t.passwordOwnTitle : t.passwordTitle(name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{parts.cancel}</Button>
          <Button kind="primary" isBusy={isBusy} onClick={save}>
            {t.change}
          </Button>
        </>
      }
    >
      <div class={s.form}>
        <form
          class={s.form}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          {needsCurrent && (
            <TextField
              label={t.currentPassword}
              type="password"
              autocomplete="current-password"
              autoFocus
              hint={isOwn ? undefined : t.currentHint(me.username ?? '')}
              value={form.current}
              error={errorOf('current')}
              onInput={(current) => setForm({ ...form, current })}
            />
          )}
          <TextField
            label={t.newPassword}
            type="password"
            autocomplete="new-password"
            hint={
              errorOf('next')
                ? undefined
                : pattern === DEFAULT_PATTERN
                  ? t.problems.length
                  : t.problems.pattern(pattern)
            }
            value={form.next}
            error={errorOf('next')}
            onInput={(next) => setForm({ ...form, next })}
          />
          <TextField
            label={t.again}
            type="password"
            autocomplete="new-password"
            value={form.again}
            error={errorOf('again')}
            onInput={(again) => setForm({ ...form, again })}
          />
          <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
        </form>
        {error !== undefined && <Problem error={error} />}
        <AsCommand command={shellCommand('hawser', 'account', 'update-password', !isOwn && ['--account', name])} />
      </div>
    </Sheet>
  );
}
