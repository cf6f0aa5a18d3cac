// A new token of an account: it is shown once, to be copied.

import { CircleCheck } from 'lucide';
import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { AsCommand, CopyLine } from '../parts/copy.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { useWords } from '../words/words.ts';
import s from './accounts.module.css';
import { accountsWords } from './accounts-words.ts';

/** In seconds; '0' is without end. */
const EXPIRIES = ['86400', '604800', '2592000', '7776000', '31536000', '0'] as const;

export function TokenSheet({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const t = useWords(accountsWords);
  const parts = useWords(partWords);
  const [id, setId] = useState('');
  const [expiresIn, setExpiresIn] = useState<string>('7776000');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [token, setToken] = useState<string | undefined>();
  const make = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const wish = { expiresIn: Number(expiresIn), ...(id.trim() !== '' && { id: id.trim() }) };
      setToken((await call('POST /api/v1/account/{name}/token', { params: { name }, body: wish })).token);
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <Sheet
      title={t.makeTitle(name)}
      onClose={onClose}
      footer={
        token === undefined ? (
          <>
            <Button onClick={onClose}>{parts.cancel}</Button>
            <Button kind="primary" isBusy={isBusy} onClick={make}>
              {t.make}
            </Button>
          </>
        ) : (
          <Button kind="primary" onClick={onClose}>
            {t.done}
          </Button>
        )
      }
    >
      <div class={s.form}>
        {token === undefined ? (
          <form
            class={s.form}
            onSubmit={(event) => {
              event.preventDefault();
              make();
            }}
          >
            <TextField label={t.tokenId} isOptional autoFocus hint={t.tokenIdHint} value={id} onInput={setId} />
            <SelectField
              label={t.expires}
              value={expiresIn}
              choices={EXPIRIES.map((value) => ({ value, label: t.expiry[value] }))}
              onChange={setExpiresIn}
            />
          </form>
        ) : (
          <div class={s.form}>
            <p class={s.note} role="status">
              <Icon icon={CircleCheck} />
              <span>{t.madeOnce}</span>
            </p>
            <CopyLine text={token} label={t.tokenLabel} />
            <h3>{t.tryIt}</h3>
            <CopyLine text={`curl -H "Authorization: Bearer $TOKEN" ${location.origin}/api/v1/session/userinfo`} />
          </div>
        )}
        {error !== undefined && <Problem error={error} />}
        <AsCommand
          command={shellCommand(
            ...['hawser', 'account', 'generate-token'],
            ['--account', name],
            ['--id', id.trim()],
            expiresIn !== '0' && ['--expires-in', `${Number(expiresIn) / 3_600}h`],
          )}
        />
      </div>
    </Sheet>
  );
}
