// hawser makes the webhook at the Git server itself: what it was told to do, and what came of it.

import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide';
import { useState } from 'preact/hooks';
import { type Answer, call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { AsCommand, CopyLine } from '../parts/copy.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import type { HookState } from './hook-card.tsx';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';

type Made = Answer<'POST /api/v1/repositories/{repo}/webhook'>;

const SERVERS = [
  { value: 'gogs', label: 'Gogs' },
  { value: 'gitea', label: 'Gitea' },
  { value: 'forgejo', label: 'Forgejo' },
  { value: 'github', label: 'GitHub' },
  { value: 'gitlab', label: 'GitLab' },
] as const;

interface Props {
  readonly repo: string;
  readonly project: string;
  readonly state: HookState;
  readonly onClose: () => void;
}

export function HookMakeSheet({ repo, project, state, onClose }: Props) {
  const t = useWords(repositoriesWords).hook;
  const parts = useWords(partWords);
  const query = useQuery();
  const { addresses } = state;
  const [host, setHost] = useState(state.host ?? 'auto');
  const [token, setToken] = useState('');
  const [address, setAddress] = useState(addresses[0] ?? '');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [made, setMade] = useState<Made | undefined>();

  const make = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const body = { host, address, ...(token !== '' && { token }) };
      const place = { params: { repo }, query: project === '' ? {} : { appProject: project } };
      // The page knows only the hosts of its own list.
      setMade(await call('POST /api/v1/repositories/{repo}/webhook', { ...place, body: body as never }));
      setToken('');
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };

  const byHand = <Button onClick={() => query.set({ part: 'hook-guide' })}>{t.byHand}</Button>;
  const isPossible = addresses.length > 0;
  return (
    <Sheet
      title={t.makeTitle}
      onClose={onClose}
      footer={
        made ? (
          <Button kind="primary" onClick={onClose}>
            {t.done}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{parts.cancel}</Button>
            {byHand}
            <Button kind="primary" isBusy={isBusy} reason={isPossible ? undefined : t.noAddress} onClick={make}>
              {t.start}
            </Button>
          </>
        )
      }
    >
      <div class={s.form}>
        {!made && (
          <form
            class={s.form}
            onSubmit={(event) => {
              event.preventDefault();
              make();
            }}
          >
            <p class={s.lead}>{t.makeText}</p>
            {!isPossible && (
              <div class={`${s.note} ${s.warn}`}>
                <Icon icon={TriangleAlert} />
                <div>
                  <p>{t.noAddress}</p>
                  <p>{t.noAddressText}</p>
                  <CopyLine
                    text={`kubectl -n ${state.secret.namespace} patch configmap argocd-cm --type merge -p '{"data":{"url":"https://hawser.example.com"}}'`}
                  />
                </div>
              </div>
            )}
            <SelectField
              label={t.server}
              value={host}
              choices={[{ value: 'auto', label: t.servers.auto }, ...SERVERS]}
              onChange={setHost}
            />
            <TextField
              label={t.token}
              isOptional
              type="password"
              autocomplete="new-password"
              hint={t.tokenHint}
              value={token}
              onInput={setToken}
            />
            {addresses.length > 1 ? (
              <SelectField
                label={t.address}
                hint={t.addressHint}
                value={address}
                choices={addresses.map((value) => ({ value, label: value }))}
                onChange={setAddress}
              />
            ) : (
              isPossible && (
                <TextField
                  label={t.address}
                  hint={t.addressHint}
                  isReadOnly
                  isMono
                  value={address}
                  onInput={() => undefined}
                />
              )
            )}
          </form>
        )}
        <div role="status" class={s.result}>
          {isBusy && <p class={s.lead}>{t.working}</p>}
        </div>
        {error !== undefined && <Problem error={error} />}
        {made && <Outcome made={made} />}
        <AsCommand
          command={shellCommand(
            ...['hawser', 'repo', 'add', repo],
            ['--project', project],
            ['--hook', host],
            ['--server', address.replace(/\/api\/webhook$/, '') || location.origin],
            token !== '' && ['--hook-token', '"$TOKEN"'],
          )}
        />
      </div>
    </Sheet>
  );
}

function Outcome({ made }: { readonly made: Made }) {
  const t = useWords(repositoriesWords).hook;
  const { action, title, repository, webhookUrl, mended, others, trial, heard, advice, refusal } = made;
  return (
    <div class={s.form}>
      <div class={`${s.note} ${s.good}`}>
        <Icon icon={CircleCheck} />
        <div>
          <p>{action === 'created' ? t.created(title, repository) : t.updated(title, repository)}</p>
          <p class="mono">{webhookUrl}</p>
        </div>
      </div>
      {mended.length > 0 && (
        <div class={card.stack}>
          <h3>{t.before}</h3>
          <ul>
            {mended.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      {others > 0 && (
        <div class={`${s.note} ${s.warn}`}>
          <Icon icon={TriangleAlert} />
          <p>{t.others(others)}</p>
        </div>
      )}
      {heard !== undefined ? (
        <div class={`${s.note} ${s.good}`}>
          <Icon icon={CircleCheck} />
          <p>{heard === 'ping' ? t.receivedPing : t.received(heard)}</p>
        </div>
      ) : (
        trial !== 'none' && (
          <div class={`${s.note} ${s.warn}`}>
            <Icon icon={CircleHelp} />
            <div>
              <p>{trial === 'unable' ? t.unable(title) : trial === 'refused' ? t.refused : t.nothingCame}</p>
              {refusal && <p class={card.quiet}>{refusal}</p>}
              {advice && <p class={card.quiet}>{advice}</p>}
            </div>
          </div>
        )
      )}
    </div>
  );
}
