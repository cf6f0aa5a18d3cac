// CONNECT REPO, and the settings of one that is connected: a form that is tried before it is saved.

import { CircleCheck, PlugZap } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { Button } from '../parts/button.tsx';
import { connectionKind } from '../parts/connection-kind.ts';
import { connectionWords } from '../parts/connection-words.ts';
import { AsCommand } from '../parts/copy.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { projectsWith } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { CredentialFields } from './credential-fields.tsx';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';
import {
  bodyOf,
  type CredentialsWay,
  commandOf,
  EMPTY_FORM,
  formOf,
  guessType,
  httpsOf,
  problemsOf,
  type RepositoryForm,
  type RepositoryType,
  type ShownRepository,
} from './repository-form.ts';
import { type Purpose, shortName } from './repository-name.ts';

const CREATE = { read: 'POST /api/v1/repositories', write: 'POST /api/v1/write-repositories' } as const;
const UPDATE = { read: 'PUT /api/v1/repositories/{repo}', write: 'PUT /api/v1/write-repositories/{repo}' } as const;
const TEST = {
  read: 'POST /api/v1/repositories/{repo}/validate',
  write: 'POST /api/v1/write-repositories/{repo}/validate',
} as const;

interface Props {
  readonly purpose: Purpose;
  /** The one that is edited; without it, a new one. */
  readonly known?: ShownRepository;
  readonly onClose: () => void;
  readonly onDone: (saved: { readonly repo: string; readonly project: string }) => void;
}

type Outcome =
  | { readonly kind: 'reached' }
  /** `isSave`: it was to be saved. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly isSave: boolean };

export function ConnectSheet({ purpose, known, onClose, onDone }: Props) {
  const t = useWords(repositoriesWords);
  const parts = useWords(partWords);
  const query = useQuery();
  const [form, setForm] = useState<RepositoryForm>(() =>
    known ? formOf(known) : { ...startOf(purpose), url: query.get('url') ?? '' },
  );
  const [isTried, setTried] = useState(false);
  const [work, setWork] = useState<'test' | 'save' | undefined>();
  const [outcome, setOutcome] = useState<Outcome | undefined>();
  const projects = useProjectNames();
  // Whoever may do it in some projects alone makes it one of theirs.
  const isNew = known === undefined;
  const own = isNew ? projectsWith(purpose === 'write' ? 'write-repositories' : 'repositories', 'create') : undefined;
  const project = form.project || own?.[0] || '';
  const result = useRef<HTMLDivElement>(null);
  // What came of it may lie below what is in view.
  useEffect(() => {
    if (outcome) result.current?.scrollIntoView({ block: 'nearest' });
  }, [outcome]);
  const problems = problemsOf(form);
  const shown = isTried ? problems : {};

  const change = (changed: Partial<RepositoryForm>) => {
    setOutcome(undefined);
    setForm((before) => ({ ...before, ...changed }));
  };
  const setUrl = (url: string) => {
    const type = guessType(url);
    change({ url, ...(type && isNew && { type }) });
  };

  const run = async (what: 'test' | 'save') => {
    setTried(true);
    if (Object.keys(problems).length > 0 || work !== undefined) return;
    setWork(what);
    setOutcome(undefined);
    const body = bodyOf({ ...form, project });
    const params = { repo: form.url.trim() };
    try {
      if (what === 'test') {
        await call(TEST[purpose], { params, body });
        setOutcome({ kind: 'reached' });
      } else {
        if (isNew) await call(CREATE[purpose], { body });
        else
          await call(UPDATE[purpose], { params, query: form.way === 'keep' ? { keepCredentials: 'true' } : {}, body });
        const name = shortName({ repo: params.repo, name: form.name.trim() });
        tell(isNew ? t.form.connected(name) : t.form.saved(name));
        onDone({ repo: params.repo, project });
        return;
      }
    } catch (error) {
      setOutcome({ kind: 'failed', error, isSave: what === 'save' });
    }
    setWork(undefined);
  };

  const ways: readonly CredentialsWay[] = [
    ...(isOwn(known) ? (['keep'] as const) : []),
    ...(purpose === 'write' ? [] : (['none'] as const)),
    'basic',
    'bearer',
  ];
  const https = httpsOf(form.url);
  const title = isNew ? t.form.connectTitle : t.form.editTitle(shortName(known));
  return (
    <Sheet
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{parts.cancel}</Button>
          {form.way !== 'keep' && (
            <Button icon={PlugZap} isBusy={work === 'test'} onClick={() => run('test')}>
              {work === 'test' ? t.form.testing : t.form.test}
            </Button>
          )}
          <Button kind="primary" isBusy={work === 'save'} onClick={() => run('save')}>
            {isNew ? t.form.connect : t.form.save}
          </Button>
        </>
      }
    >
      <div class={s.form}>
        <form
          class={s.form}
          onSubmit={(event) => {
            event.preventDefault();
            run('save');
          }}
        >
          <SelectField
            label={t.form.type}
            value={form.type}
            choices={(['git', 'helm', 'oci'] as const).map((value) => ({ value, label: t.types[value] }))}
            onChange={(type) => change({ type: type as RepositoryType })}
          />
          <TextField
            label={t.form.url}
            type="url"
            isMono
            autoFocus={isNew}
            isReadOnly={!isNew}
            placeholder={t.form.urlHints[form.type]}
            hint={form.type === 'git' && isNew ? t.form.urlHint : undefined}
            value={form.url}
            error={shown.url && t.problems[shown.url]}
            onInput={setUrl}
          />
          {https !== undefined && (
            <div class={`${s.note} ${s.warn}`}>
              <Icon icon={PlugZap} />
              <div>
                <p>{t.problems.urlSsh}</p>
                <div>
                  <Button onClick={() => setUrl(https)}>{t.form.useHttps(https)}</Button>
                </div>
              </div>
            </div>
          )}
          <div class={s.pair}>
            <TextField
              label={t.form.name}
              isOptional
              hint={t.form.nameHint}
              value={form.name}
              onInput={(name) => change({ name })}
            />
            {isNew ? (
              <SelectField
                label={t.form.project}
                hint={t.form.projectHint}
                value={project}
                choices={[
                  ...(own ? [] : [{ value: '', label: t.everyProject }]),
                  ...(own ?? projects).map((name) => ({ value: name, label: name })),
                ]}
                onChange={(chosen) => change({ project: chosen })}
              />
            ) : (
              <TextField
                label={t.form.project}
                isReadOnly
                value={form.project || t.everyProject}
                onInput={() => undefined}
              />
            )}
          </div>
          <CredentialFields {...{ form, change, ways }} problems={shown} />
          <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
        </form>
        <div class={s.result} role="status">
          {outcome?.kind === 'reached' && (
            <p class={`${s.note} ${s.good}`}>
              <Icon icon={CircleCheck} />
              <span>{t.form.reached}</span>
            </p>
          )}
        </div>
        {outcome?.kind === 'failed' && <Refusal {...outcome} />}
        <div ref={result}>
          <AsCommand
            command={`${commandOf({ ...form, project }, 'repo', !isNew)}${purpose === 'write' ? ' --write' : ''}`}
          />
        </div>
      </div>
    </Sheet>
  );
}

function Refusal({ error, isSave }: { readonly error: unknown; readonly isSave: boolean }) {
  const t = useWords(repositoriesWords);
  const connection = useWords(connectionWords);
  const message = error instanceof Error ? error.message : String(error);
  const kind = connectionKind(message);
  if (!/connect/i.test(message)) return <Problem error={error} />;
  // What the server advises is for whoever writes Secrets by hand.
  const status = error instanceof ApiError ? error.status : 500;
  return (
    <Problem error={new ApiError({ status, message })} title={connection.kinds[kind]}>
      {isSave && <p>{t.form.notReached}</p>}
    </Problem>
  );
}

/** What writes is of no use without credentials. */
function startOf(purpose: Purpose): RepositoryForm {
  return purpose === 'write' ? { ...EMPTY_FORM, way: 'basic' } : EMPTY_FORM;
}

function isOwn(known: ShownRepository | undefined): boolean {
  return (known?.credentials?.length ?? 0) > 0 && !known?.inheritedCreds;
}

/** Of the projects that one may see. */
function useProjectNames(): readonly string[] {
  const { value } = useLoad(
    (signal) => call('GET /api/v1/projects', { query: { fields: 'items.metadata.name' }, signal }),
    [],
  );
  const items: readonly unknown[] = value?.items ?? [];
  return items.map(nameIn).filter((name) => name !== '');
}

function nameIn(item: unknown): string {
  const { metadata } = item as { readonly metadata?: { readonly name?: string } };
  return metadata?.name ?? '';
}
