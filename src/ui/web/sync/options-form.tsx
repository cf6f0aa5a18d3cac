// Everything that can be chosen for a sync.

import { useEffect, useState } from 'preact/hooks';
import { sourcesOf } from '../../../application/parse.ts';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { CheckField, SelectField, TextField } from '../parts/field.tsx';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { HowChecks } from './how-checks.tsx';
import s from './options-form.module.css';
import { ResourceChoice } from './resource-choice.tsx';
import {
  FIRST_RETRY,
  isOptionOn,
  OPTION_SWITCHES,
  PROPAGATIONS,
  propagationOf,
  type RetryChoice,
  type SyncChoices,
  withOption,
  withPropagation,
} from './sync-choices.ts';
import { syncWords } from './sync-words.ts';

interface Props {
  readonly app: Application;
  readonly choices: SyncChoices;
  readonly onChange: (choices: SyncChoices) => void;
}

/** Typing is over. */
const PAUSE_MS = 500;

export function OptionsForm({ app, choices, onChange }: Props) {
  const t = useWords(syncWords);
  const set = (changes: Partial<SyncChoices>) => onChange({ ...choices, ...changes });
  const { options } = choices;
  return (
    <div class={s.form}>
      <Revisions {...{ app, choices, onChange }} />
      <fieldset class={s.checks}>
        <legend class="visually-hidden">{t.options}</legend>
        <CheckField label={t.prune} hint={t.pruneHint} isChecked={choices.prune} onChange={(prune) => set({ prune })} />
        <HowChecks choices={choices} set={set} />
      </fieldset>
      <ResourceChoice app={app} chosen={choices.resources} onChange={(resources) => set({ resources })} />
      <details class={s.more}>
        <summary>{t.moreOptions}</summary>
        <div class={s.checks}>
          {OPTION_SWITCHES.map((one) => (
            <CheckField
              key={one.id}
              label={<span title={one.name}>{t[one.id]}</span>}
              isChecked={isOptionOn(options, one)}
              onChange={(isWanted) => set({ options: withOption(options, one, isWanted) })}
            />
          ))}
          <SelectField
            label={t.propagation}
            value={propagationOf(options)}
            choices={PROPAGATIONS.map((value) => ({ value, label: t[value] }))}
            onChange={(value) => set({ options: withPropagation(options, value) })}
          />
        </div>
      </details>
      <RetryForm retry={choices.retry} onChange={(retry) => set({ retry })} />
    </div>
  );
}

function Revisions({ app, choices, onChange }: Props) {
  const t = useWords(syncWords);
  const sources = sourcesOf(app.spec);
  const set = (index: number, revision: string) => {
    const revisions = sources.map((_, place) => (place === index ? revision : (choices.revisions[place] ?? '')));
    onChange({ ...choices, revisions });
  };
  return (
    <>
      {sources.map(({ repoURL, targetRevision, chart, name }, index) => (
        <Revision
          key={index}
          label={
            sources.length === 1 ? t.revision : t.revisionOf(name ?? chart ?? repoURL.replace(/^.*\/(?=[^/]+\/?$)/, ''))
          }
          hint={index === 0 ? t.revisionHint : undefined}
          repoURL={chart ? undefined : repoURL}
          placeholder={targetRevision || 'HEAD'}
          value={choices.revisions[index] ?? ''}
          onChange={(revision) => set(index, revision)}
        />
      ))}
    </>
  );
}

interface RevisionProps {
  readonly label: string;
  readonly hint: string | undefined;
  readonly repoURL: string | undefined;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The plan follows once nobody types. */
function Revision({ label, hint, repoURL, placeholder, value, onChange }: RevisionProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const refs = useLoad((signal) => suggestionsOf(repoURL, signal), [repoURL]);
  return (
    <TextField
      {...{ label, placeholder, value: typed, onInput: setTyped, isMono: true, suggestions: refs.value }}
      {...(hint !== undefined && { hint })}
    />
  );
}

/** Who may not list them types. */
async function suggestionsOf(repoURL: string | undefined, signal: AbortSignal): Promise<readonly string[]> {
  if (!repoURL) return [];
  try {
    const { branches = [], tags = [] } = await call('GET /api/v1/repositories/{repo}/refs', {
      params: { repo: repoURL },
      signal,
    });
    return [...branches, ...tags];
  } catch {
    return [];
  }
}

interface RetryProps {
  readonly retry: RetryChoice | undefined;
  readonly onChange: (retry: RetryChoice | undefined) => void;
}

const DURATION = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

function RetryForm({ retry, onChange }: RetryProps) {
  const t = useWords(syncWords);
  const bad = (text: string) => (text === '' || DURATION.test(text) ? undefined : t.retryBad);
  return (
    <fieldset class={s.checks}>
      <legend class="visually-hidden">{t.retry}</legend>
      <CheckField
        label={t.retry}
        hint={t.retryHint}
        isChecked={retry !== undefined}
        onChange={(isOn) => onChange(isOn ? FIRST_RETRY : undefined)}
      />
      {retry && (
        <div class={s.retry}>
          <TextField
            label={t.retryLimit}
            type="number"
            value={retry.limit}
            onInput={(limit) => onChange({ ...retry, limit })}
          />
          <TextField
            label={t.retryFactor}
            type="number"
            value={retry.factor}
            onInput={(factor) => onChange({ ...retry, factor })}
          />
          <TextField
            label={t.retryDuration}
            value={retry.duration}
            error={bad(retry.duration)}
            onInput={(duration) => onChange({ ...retry, duration })}
          />
          <TextField
            label={t.retryMax}
            value={retry.maxDuration}
            error={bad(retry.maxDuration)}
            onInput={(maxDuration) => onChange({ ...retry, maxDuration })}
          />
        </div>
      )}
    </fieldset>
  );
}
