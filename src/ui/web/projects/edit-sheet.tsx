// A project's rules as a form: to change one, and to make one.

import { Plus, X } from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { CheckField, TextArea, TextField } from '../parts/field.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import {
  EMPTY_FORM,
  formOf,
  isProjectName,
  type Project,
  type ProjectForm,
  specOf,
  wrongKind,
} from './project-form.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';
import { saveSpec } from './save-project.ts';

type Change = (changes: Partial<ProjectForm>) => void;

interface EditProps {
  readonly project: Project;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

export function EditProjectSheet({ project, onSaved, onClose }: EditProps) {
  const t = useWords(projectWords);
  const [form, setForm] = useState(() => formOf(project.spec));
  const { save, isBusy, error } = useSaving(async () => {
    await saveSpec(project, specOf(form, project.spec));
    onSaved();
  });
  return (
    <Sheet
      title={`${t.edit}: ${project.metadata.name}`}
      onClose={onClose}
      footer={<Foot {...{ onClose, isBusy, save }} action={t.save} reason={problemOf(form, t)} />}
    >
      <div class={s.form}>
        {error !== undefined && <Problem error={error} />}
        <Fields form={form} change={(changes) => setForm({ ...form, ...changes })} />
      </div>
    </Sheet>
  );
}

interface NewProps {
  readonly names: readonly string[];
  readonly onClose: () => void;
}

export function NewProjectSheet({ onClose }: NewProps) {
  const t = useWords(projectWords);
  const { route } = useLocation();
  const [name, setName] = useState('');
  const [form, setForm] = useState(EMPTY_FORM);
  const isNamed = isProjectName(name);
  const { save, isBusy, error } = useSaving(async () => {
    await call('POST /api/v1/projects', { body: { project: { metadata: { name }, spec: specOf(form, {}) } } });
    tell(t.created(name));
    route(`/projects/${encodeURIComponent(name)}`, true);
  });
  return (
    <Sheet
      title={t.newProject}
      onClose={onClose}
      footer={
        <Foot {...{ onClose, isBusy, save }} action={t.create} reason={isNamed ? problemOf(form, t) : t.nameWrong} />
      }
    >
      <div class={s.form}>
        {error !== undefined && <Problem error={error} />}
        <TextField
          {...{ label: t.name, value: name, onInput: setName, hint: t.nameHint }}
          error={name !== '' && !isNamed ? t.nameWrong : undefined}
          autoFocus
        />
        <Fields form={form} change={(changes) => setForm({ ...form, ...changes })} />
        {isNamed && <AsCommand command={`hawser proj create ${name} -d '*,*' -s '*'`} />}
      </div>
    </Sheet>
  );
}

function problemOf(form: ProjectForm, t: (typeof projectWords)['en']): string | undefined {
  const lists = [form.clusterAllow, form.clusterDeny, form.namespaceAllow, form.namespaceDeny];
  const wrong = lists.map(wrongKind).find((text) => text !== undefined);
  return wrong === undefined ? undefined : t.kindWrong(wrong);
}

/** One at a time, and what went wrong. */
export function useSaving(work: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return { save: () => void save(), isBusy, error };
}

interface FootProps {
  readonly action: string;
  readonly isBusy: boolean;
  readonly reason: string | undefined;
  readonly save: () => void;
  readonly onClose: () => void;
}

export function Foot({ action, isBusy, reason, save, onClose }: FootProps) {
  const parts = useWords(partWords);
  return (
    <>
      <Button onClick={onClose}>{parts.cancel}</Button>
      <Button kind="primary" isBusy={isBusy} reason={reason} onClick={save}>
        {action}
      </Button>
    </>
  );
}

function Fields({ form, change }: { readonly form: ProjectForm; readonly change: Change }) {
  const t = useWords(projectWords);
  const kinds = (label: string, value: string, key: keyof ProjectForm) => {
    const wrong = wrongKind(value);
    return (
      <TextArea
        {...{ label, value }}
        rows={3}
        isOptional
        error={wrong === undefined ? undefined : t.kindWrong(wrong)}
        onInput={(text) => change({ [key]: text })}
      />
    );
  };
  return (
    <>
      <TextField
        label={t.description}
        isOptional
        value={form.description}
        onInput={(description) => change({ description })}
      />
      <TextArea
        label={t.repositories}
        hint={t.perLine}
        rows={3}
        value={form.sourceRepos}
        onInput={(sourceRepos) => change({ sourceRepos })}
      />
      <Destinations form={form} change={change} />
      {kinds(t.clusterAllow, form.clusterAllow, 'clusterAllow')}
      {kinds(t.clusterDeny, form.clusterDeny, 'clusterDeny')}
      {kinds(t.namespaceAllow, form.namespaceAllow, 'namespaceAllow')}
      {kinds(t.namespaceDeny, form.namespaceDeny, 'namespaceDeny')}
      <p class={s.quiet}>{t.kindsPerLine}</p>
      <TextArea
        label={t.sourceNamespaces}
        hint={t.sourceNamespacesHint}
        isOptional
        rows={2}
        value={form.sourceNamespaces}
        onInput={(sourceNamespaces) => change({ sourceNamespaces })}
      />
      <CheckField
        label={t.orphanedWatch}
        isChecked={form.isWatchingOrphans}
        onChange={(isWatchingOrphans) => change({ isWatchingOrphans })}
      />
      {form.isWatchingOrphans && (
        <>
          <CheckField
            label={t.orphanedWarn}
            isChecked={form.isWarning}
            onChange={(isWarning) => change({ isWarning })}
          />
          <TextArea
            label={t.orphanedIgnore}
            hint={t.orphanedIgnoreHint}
            isOptional
            rows={2}
            value={form.orphansIgnored}
            onInput={(orphansIgnored) => change({ orphansIgnored })}
          />
        </>
      )}
      <TextArea
        label={t.signatureKeys}
        hint={t.signatureKeysHint}
        isOptional
        rows={2}
        value={form.signatureKeys}
        onInput={(signatureKeys) => change({ signatureKeys })}
      />
      <CheckField
        label={t.scopedOnly}
        isChecked={form.isScopedOnly}
        onChange={(isScopedOnly) => change({ isScopedOnly })}
      />
    </>
  );
}

function Destinations({ form, change }: { readonly form: ProjectForm; readonly change: Change }) {
  const t = useWords(projectWords);
  const { value } = useLoad((signal) => call('GET /api/v1/clusters', { signal }), []);
  const clusters = ['*', ...(value?.items ?? []).map(({ name, server }) => String(name || server))];
  const set = (index: number, changes: Partial<ProjectForm['destinations'][number]>) =>
    change({ destinations: form.destinations.map((one, at) => (at === index ? { ...one, ...changes } : one)) });
  return (
    <fieldset class={s.group}>
      <legend>{t.destinations}</legend>
      {form.destinations.map(({ cluster, namespace }, index) => (
        <div key={index} class={s.destination}>
          <TextField
            {...{ label: t.cluster, value: cluster, suggestions: clusters }}
            isMono
            onInput={(text) => set(index, { cluster: text })}
          />
          <TextField
            {...{ label: t.namespace, value: namespace }}
            isMono
            onInput={(text) => set(index, { namespace: text })}
          />
          <Button
            kind="quiet"
            icon={X}
            label={`${t.remove}: ${cluster} ${namespace}`}
            onClick={() => change({ destinations: form.destinations.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      <p class={s.quiet}>{t.clusterHint}</p>
      <div>
        <Button
          icon={Plus}
          onClick={() => change({ destinations: [...form.destinations, { cluster: '', namespace: '' }] })}
        >
          {t.addDestination}
        </Button>
      </div>
    </fieldset>
  );
}
