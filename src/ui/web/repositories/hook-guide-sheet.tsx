// The webhook made by hand: the steps at each Git server, with what is to be copied into its page.

import { ExternalLink, KeyRound, RefreshCw, TriangleAlert } from 'lucide';
import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { CopyButton, CopyLine } from '../parts/copy.tsx';
import { Segments, TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import type { HookState } from './hook-card.tsx';
import { GUIDE_HOSTS, type GuideHost, guideHostOf, hookGuide, newSecret } from './hook-guide.ts';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';

interface Props {
  readonly repo: string;
  readonly project: string;
  readonly mayUpdate: boolean;
  readonly state: HookState;
  readonly reload: () => void;
  readonly onClose: () => void;
}

export function HookGuideSheet({ repo, project, mayUpdate, state, reload, onClose }: Props) {
  const t = useWords(repositoriesWords).hook;
  const query = useQuery();
  const host: GuideHost =
    guideHostOf(query.get('host')) ?? guideHostOf(state.host ?? state.lastDelivery?.provider) ?? 'gogs';
  const [known] = state.addresses;
  const [address, setAddress] = useState(known ?? `${location.origin}/api/webhook`);
  const guide = hookGuide(host, address, repo);
  return (
    <Sheet
      title={t.guideTitle}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t.done}
        </Button>
      }
    >
      <div class={s.form}>
        <Segments
          label={t.server}
          value={host}
          choices={GUIDE_HOSTS.map(({ host: value, title: label }) => ({ value, label }))}
          onChange={(value) => query.set({ host: value })}
        />
        {known === undefined && (
          <TextField label={t.address} hint={t.addressGuess} isMono value={address} onInput={setAddress} />
        )}
        {isLoopback(address) && (
          <p class={`${s.note} ${s.warn}`}>
            <Icon icon={TriangleAlert} />
            <span>{t.addressLoopback}</span>
          </p>
        )}
        <ol class={s.steps}>
          <li>
            <div>
              <h3>{t.guideStep1}</h3>
              <p>{guide.way}</p>
              {guide.page && (
                <p>
                  <a class={s.outside} href={guide.page} target="_blank" rel="noreferrer">
                    {t.openPage} <Icon icon={ExternalLink} size={14} />
                  </a>
                </p>
              )}
            </div>
          </li>
          <li>
            <div>
              <h3>{t.guideStep2}</h3>
              <dl class={`${card.pairs} ${s.even}`}>
                {guide.fields.map(({ label, value, isCopied }) => (
                  <>
                    <dt key={label}>{label}</dt>
                    <dd>{isCopied ? <CopyLine text={value} label={label} /> : value}</dd>
                  </>
                ))}
              </dl>
            </div>
          </li>
          <li>
            <div>
              <h3>{t.guideStep3}</h3>
              <Secret {...{ repo, project, mayUpdate, state }} label={guide.secretLabel} />
            </div>
          </li>
          <li>
            <div>
              <h3>{t.guideStep4}</h3>
              <p>{t.trial(guide.trial)}</p>
              <Arrived state={state} reload={reload} />
            </div>
          </li>
        </ol>
      </div>
    </Sheet>
  );
}

/** A new one is made in the page, kept by hawser, and shown once. */
function Secret({
  repo,
  project,
  mayUpdate,
  state,
  label,
}: Pick<Props, 'repo' | 'project' | 'mayUpdate' | 'state'> & { readonly label: string }) {
  const words = useWords(repositoriesWords);
  const t = words.hook;
  const [made, setMade] = useState<string | undefined>();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { secret, sharedKeys } = state;
  const make = async () => {
    setBusy(true);
    setError(undefined);
    const chosen = newSecret();
    try {
      const place = { params: { repo }, query: project === '' ? {} : { appProject: project } };
      await call('PUT /api/v1/repositories/{repo}/webhook', { ...place, body: { secret: chosen } });
      setMade(chosen);
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  const read = `kubectl -n ${secret.namespace} get secret ${secret.name} -o jsonpath='{.data.${secret.key}}' | base64 -d`;
  return (
    <>
      {made !== undefined ? (
        <>
          <CopyLine text={made} label={label} />
          <p>{t.secretOnce}</p>
        </>
      ) : (
        <>
          <p>
            {secret.isSet ? t.secretKept(`${secret.namespace}/${secret.name}, ${secret.key}`) : t.secretNoneYet}{' '}
            {sharedKeys.length > 0 && <span class={card.quiet}>{t.secretGeneral(sharedKeys.join(', '))}</span>}
          </p>
          <div class={card.row}>
            <Button icon={KeyRound} isBusy={isBusy} reason={mayUpdate ? undefined : words.mayNotUpdate} onClick={make}>
              {t.secretNew}
            </Button>
            {secret.isSet && <CopyButton text={read} label={read} />}
          </div>
        </>
      )}
      {error !== undefined && <Problem error={error} />}
    </>
  );
}

function Arrived({ state, reload }: Pick<Props, 'state' | 'reload'>) {
  const t = useWords(repositoriesWords).hook;
  const { lastDelivery, lastPingAt } = state;
  return (
    <div class={card.row} role="status">
      <Button icon={RefreshCw} onClick={reload}>
        {t.look}
      </Button>
      <span>{lastDelivery ? t.heard : lastPingAt ? t.pinged : t.silent}</span>
    </div>
  );
}

function isLoopback(address: string): boolean {
  return URL.canParse(address) && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
}
