// A cluster is added: from a kubeconfig that is read in the page, or by address and token. One that is known has its settings changed.

import { CircleX, TriangleAlert } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { Button } from '../parts/button.tsx';
import { connectionKind } from '../parts/connection-kind.ts';
import { connectionWords } from '../parts/connection-words.ts';
import { AsCommand, CopyLine } from '../parts/copy.tsx';
import { CheckField, Segments, SelectField, TextArea, TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { useLoad } from '../state/load.ts';
import { projectsWith } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import {
  type ClusterForm,
  commandOf,
  EMPTY_CLUSTER,
  formOf,
  manualConfig,
  problemsOf,
  SETTINGS_FIELDS,
  setCommandOf,
  settingsOf,
  withContext,
} from './cluster-form.ts';
import s from './clusters.module.css';
import { clustersWords } from './clusters-words.ts';
import type { Kubeconfig, KubeconfigContext } from './kubeconfig.ts';
import type { Cluster } from './use-clusters.ts';

interface Props {
  /** The one that is edited; without it, a new one. */
  readonly known?: Cluster;
  readonly onClose: () => void;
  readonly onDone: (server: string) => void;
}

type Source = 'kubeconfig' | 'manual' | 'kept';

export function AddClusterSheet({ known, onClose, onDone }: Props) {
  const t = useWords(clustersWords);
  const parts = useWords(partWords);
  const isNew = known === undefined;
  const [source, setSource] = useState<Source>(isNew ? 'kubeconfig' : 'kept');
  const [form, setForm] = useState<ClusterForm>(() => (known ? formOf(known) : EMPTY_CLUSTER));
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | undefined>();
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const projects = useProjectNames();
  // Whoever may add them to some projects alone adds it to one of theirs.
  const own = isNew ? projectsWith('clusters', 'create') : undefined;
  const project = form.project || own?.[0] || '';
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== undefined) result.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const read = useKubeconfig(text);
  const contexts = read && 'contexts' in read ? read.contexts : [];
  const context = contexts.find(({ name }) => name === chosen) ?? contexts[0];
  const isManual = source === 'manual';
  const problems = problemsOf(form, isManual);
  const shown = isTried ? problems : {};
  const change = (changed: Partial<ClusterForm>) => {
    setError(undefined);
    setForm((before) => ({ ...before, ...changed }));
  };
  const choose = (next: KubeconfigContext) => {
    setForm((before) => withContext(before, next, context));
    setChosen(next.name);
  };
  useEffect(() => {
    // The one that is current fills the form as soon as it is read.
    if (context && isNew) setForm((before) => withContext(before, context));
  }, [read]);

  const isReady = source !== 'kubeconfig' || (context !== undefined && context.problem === undefined);
  const save = async () => {
    setTried(true);
    if (Object.keys(problems).length > 0 || !isReady || isBusy) return;
    setBusy(true);
    setError(undefined);
    const settings = settingsOf({ ...form, project });
    const server = isNew ? (isManual ? form.server.trim().replace(/\/+$/, '') : (context?.server ?? '')) : known.server;
    const name = settings.name || server;
    try {
      if (isNew) {
        const config = isManual ? manualConfig(form) : { ...context?.config };
        await call('POST /api/v1/clusters', { body: { server, ...settings, config } });
      } else {
        const config = isManual ? { config: manualConfig({ ...form, server }) } : {};
        const fields = [...SETTINGS_FIELDS, ...(isManual ? ['config'] : [])];
        await call('PUT /api/v1/clusters/{id}', {
          params: { id: server },
          query: { updatedFields: fields },
          body: { server, ...settings, ...config },
        });
      }
      tell(isNew ? t.form.added(name) : t.form.saved(name));
      onDone(server);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Sheet
      title={isNew ? t.form.title : t.form.editTitle(known.name || known.server)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{parts.cancel}</Button>
          <Button kind="primary" isBusy={isBusy} onClick={save}>
            {isNew ? t.form.add : t.form.save}
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
          {isNew && (
            <Segments
              label={t.form.from}
              value={source}
              choices={[
                { value: 'kubeconfig', label: t.form.kubeconfig },
                { value: 'manual', label: t.form.manual },
              ]}
              onChange={(value) => setSource(value === 'manual' ? 'manual' : 'kubeconfig')}
            />
          )}
          {source === 'kubeconfig' && (
            <>
              <TextArea
                label={t.form.paste}
                hint={t.form.pasteHint}
                rows={text === '' ? 6 : 4}
                placeholder="apiVersion: v1"
                value={text}
                error={errorOf(read, isTried)}
                onInput={setText}
              />
              {text === '' && (
                <div class={s.print}>
                  <p>{t.form.print}</p>
                  <CopyLine text="kubectl config view --raw --flatten --minify" />
                </div>
              )}
              {contexts.length > 0 && <Contexts {...{ contexts }} chosen={context} onChoose={choose} />}
              {context && <Notes context={context} />}
            </>
          )}
          {!isNew && (
            <CheckField
              label={t.form.replaceCredentials}
              isChecked={isManual}
              onChange={(isReplacing) => setSource(isReplacing ? 'manual' : 'kept')}
            />
          )}
          {isManual && <Manual {...{ form, change, isNew }} problems={shown} />}
          <TextField
            label={t.form.name}
            hint={t.form.nameHint}
            value={form.name}
            onInput={(name) => change({ name })}
          />
          <details class={s.more} open={!isNew || undefined}>
            <summary>{t.form.more}</summary>
            <div class={s.form}>
              <div class={s.pair}>
                <TextField
                  label={t.form.namespaces}
                  isOptional
                  hint={t.form.namespacesHint}
                  value={form.namespaces}
                  onInput={(namespaces) => change({ namespaces })}
                />
                <SelectField
                  label={t.form.project}
                  value={project}
                  choices={[
                    ...(own ? [] : [{ value: '', label: t.everyProject }]),
                    ...[...new Set([...(own ?? projects), ...(project === '' ? [] : [project])])].map((name) => ({
                      value: name,
                      label: name,
                    })),
                  ]}
                  onChange={(chosen) => change({ project: chosen })}
                />
              </div>
              {form.namespaces.trim() !== '' && (
                <CheckField
                  label={t.form.clusterResources}
                  isChecked={form.clusterResources}
                  onChange={(clusterResources) => change({ clusterResources })}
                />
              )}
              <TextArea
                label={t.form.labels}
                isOptional
                hint={t.form.labelsHint}
                rows={2}
                value={form.labels}
                error={shown.labels && t.problems[shown.labels]}
                onInput={(labels) => change({ labels })}
              />
            </div>
          </details>
          <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
        </form>
        {error !== undefined && <Refusal error={error} />}
        <div ref={result}>
          <AsCommand
            command={
              isNew
                ? commandOf({ ...form, project }, source === 'kubeconfig' ? context?.name : undefined)
                : setCommandOf(form, known.name || known.server)
            }
          />
        </div>
      </div>
    </Sheet>
  );

  function errorOf(kubeconfig: Kubeconfig | undefined, isWanted: boolean): string | undefined {
    if (kubeconfig === undefined) return isWanted && text.trim() === '' ? t.problems['not-a-kubeconfig'] : undefined;
    if (!('error' in kubeconfig)) return undefined;
    return kubeconfig.error === 'yaml' ? `${t.problems.yaml}: ${kubeconfig.message}` : t.problems[kubeconfig.error];
  }
}

function Contexts({
  contexts,
  chosen,
  onChoose,
}: {
  readonly contexts: readonly KubeconfigContext[];
  readonly chosen: KubeconfigContext | undefined;
  readonly onChoose: (context: KubeconfigContext) => void;
}) {
  const t = useWords(clustersWords).form;
  return (
    <fieldset class={s.contexts}>
      <legend>{t.context}</legend>
      {contexts.map((one) => (
        <label key={one.name} class={s.context}>
          <input type="radio" name="context" checked={one === chosen} onChange={() => onChoose(one)} />
          <span>
            {one.name}
            {one.isCurrent && contexts.length > 1 && ` (${t.current})`}
          </span>
          <small>
            {one.server || '–'} · {t.by(t.ways[one.way])}
          </small>
        </label>
      ))}
    </fieldset>
  );
}

function Notes({ context: { problem, warnings } }: { readonly context: KubeconfigContext }) {
  const t = useWords(clustersWords);
  return (
    <>
      {problem && (
        <div class={`${s.note} ${s.bad}`} role="alert">
          <Icon icon={CircleX} />
          <div>
            <p>{t.problems[problem]}</p>
            {problem === 'files' && <CopyLine text="kubectl config view --raw --flatten --minify" />}
          </div>
        </div>
      )}
      {!problem &&
        warnings.map((warning) => (
          <p key={warning} class={s.note}>
            <Icon icon={TriangleAlert} />
            <span>{t.warnings[warning]}</span>
          </p>
        ))}
    </>
  );
}

interface ManualProps {
  readonly form: ClusterForm;
  readonly change: (changed: Partial<ClusterForm>) => void;
  readonly problems: ReturnType<typeof problemsOf>;
  readonly isNew: boolean;
}

function Manual({ form, change, problems, isNew }: ManualProps) {
  const t = useWords(clustersWords);
  return (
    <>
      <TextField
        label={t.form.server}
        type="url"
        isMono
        isReadOnly={!isNew}
        placeholder="https://api.example.com:6443"
        value={form.server}
        error={problems.server && t.problems[problems.server]}
        onInput={(server) => change({ server })}
      />
      <TextArea
        label={t.form.token}
        hint={t.form.tokenHint}
        rows={3}
        value={form.token}
        error={problems.token && t.problems[problems.token]}
        onInput={(token) => change({ token })}
      />
      <TextArea
        label={t.form.ca}
        isOptional
        hint={t.form.caHint}
        rows={3}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={form.ca}
        error={problems.ca && t.problems[problems.ca]}
        onInput={(ca) => change({ ca })}
      />
      <CheckField
        label={t.form.insecure}
        hint={t.form.insecureHint}
        isChecked={form.insecure}
        onChange={(insecure) => change({ insecure })}
      />
    </>
  );
}

function Refusal({ error }: { readonly error: unknown }) {
  const t = useWords(clustersWords);
  const connection = useWords(connectionWords);
  const message = error instanceof Error ? error.message : String(error);
  if (!/server version|reach/i.test(message)) return <Problem error={error} />;
  const status = error instanceof ApiError ? error.status : 500;
  return (
    <Problem error={new ApiError({ status, message })} title={connection.kinds[connectionKind(message)]}>
      <p>{t.form.notReached}</p>
    </Problem>
  );
}

/** The parser comes when something is pasted. */
function useKubeconfig(text: string): Kubeconfig | undefined {
  const [read, setRead] = useState<Kubeconfig | undefined>();
  useEffect(() => {
    let isLate = false;
    if (text.trim() === '') setRead(undefined);
    else {
      import('./kubeconfig.ts').then(({ readKubeconfig }) => {
        if (!isLate) setRead(readKubeconfig(text));
      });
    }
    return () => {
      isLate = true;
    };
  }, [text]);
  return read;
}

function useProjectNames(): readonly string[] {
  const { value } = useLoad(
    (signal) => call('GET /api/v1/projects', { query: { fields: 'items.metadata.name' }, signal }),
    [],
  );
  const items: readonly unknown[] = value?.items ?? [];
  return items.flatMap((item) => {
    const { metadata } = item as { readonly metadata?: { readonly name?: string } };
    return metadata?.name ? [metadata.name] : [];
  });
}
