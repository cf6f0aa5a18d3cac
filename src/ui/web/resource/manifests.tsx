// One object as it is, as Git wants it, and what differs. Values of Secrets come masked.

import { FileQuestionMark, RefreshCw } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { Diff } from '../diff/diff.tsx';
import { YamlEditor } from '../editor/yaml-editor.tsx';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { CopyButton } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { CheckField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import type { ObjectRef } from '../tree/tree-model.ts';
import { useWords } from '../words/words.ts';
import s from './manifests.module.css';
import { apiQueryOf } from './resource-address.ts';
import { resourceWords } from './resource-words.ts';
import { toYaml } from './to-yaml.ts';

interface Props {
  readonly app: Application;
  readonly resource: ObjectRef;
}

/** `version`: of the object, as the tree tells it: another one is loaded anew. */
export function LiveState({ app, resource, version }: Props & { readonly version: string | undefined }) {
  const t = useWords(resourceWords);
  const query = useQuery();
  const { name, namespace } = app.metadata;
  const { group, kind } = resource;
  const { value, error, isLoading, reload } = useLoad(
    (signal) =>
      call('GET /api/v1/applications/{name}/resource', {
        params: { name },
        query: { ...apiQueryOf(resource), appNamespace: namespace },
        signal,
      }),
    [name, namespace, group, kind, resource.namespace, resource.name, resource.version, version],
  );
  const hasManagedFields = query.get('managed') === '1';
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return <NotLive error={error} />;
  return (
    <div class={card.stack}>
      <div class={s.tools}>
        <CheckField
          label={t.managedFields}
          isChecked={hasManagedFields}
          onChange={(isOn) => query.set({ managed: isOn ? '1' : '' })}
        />
        <Button icon={RefreshCw} isBusy={isLoading} onClick={reload}>
          {t.reload}
        </Button>
      </div>
      {kind === 'Secret' && group === '' && <p class={s.said}>{t.masked}</p>}
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {value ? (
        <Yaml label={`${kind} ${resource.name}`} json={value.manifest} hasManagedFields={hasManagedFields} />
      ) : (
        error === undefined && <Loading lines={10} />
      )}
    </div>
  );
}

export function DesiredState({ app, resource }: Props) {
  const t = useWords(resourceWords);
  const { item, error, isLoading, reload } = useCompared(app, resource);
  if (!item) return <NotCompared {...{ error, isLoading, reload }} />;
  if (isNothing(item.targetState)) {
    return (
      <Empty icon={FileQuestionMark} title={t.notDesired}>
        <p>{t.notDesiredText}</p>
      </Empty>
    );
  }
  return (
    <div class={card.stack}>
      {resource.kind === 'Secret' && resource.group === '' && <p class={s.said}>{t.masked}</p>}
      <Yaml label={`${resource.kind} ${resource.name}`} json={item.targetState} hasManagedFields />
    </div>
  );
}

export function DiffState({ app, resource }: Props) {
  const t = useWords(resourceWords);
  const { item, error, isLoading, reload } = useCompared(app, resource);
  if (!item) return <NotCompared {...{ error, isLoading, reload }} />;
  const { normalizedLiveState, predictedLiveState, message } = item;
  return (
    <div class={card.stack}>
      <p class={s.said}>{t.diffSync}</p>
      {typeof message === 'string' && message !== '' && <Problem error={new Error(message)} />}
      <Diff label={`${resource.kind} ${resource.name}`} before={normalizedLiveState} after={predictedLiveState} />
    </div>
  );
}

/** Of this object alone, as compared now; anew when the Application was compared or synced. */
function useCompared(app: Application, { group, kind, namespace, name }: ObjectRef) {
  const { metadata, status } = app;
  const { value, ...rest } = useLoad(
    (signal) =>
      call('GET /api/v1/applications/{name}/managed-resources', {
        params: { name: metadata.name },
        query: { group, kind, namespace, name, appNamespace: metadata.namespace },
        signal,
      }),
    [metadata.name, group, kind, namespace, name, status.reconciledAt, status.operationState?.finishedAt],
  );
  // An empty group asks for any.
  const item = value?.items.find((one) => one.group === group && one.kind === kind && one.name === name);
  return { ...rest, item, isLoading: rest.isLoading && !item };
}

interface NotComparedProps {
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

function NotCompared({ error, isLoading, reload }: NotComparedProps) {
  const t = useWords(resourceWords);
  if (error !== undefined) return <Problem error={error} onRetry={reload} />;
  if (isLoading) {
    return (
      <div>
        <p class={s.said}>{t.comparing}</p>
        <Loading lines={10} />
      </div>
    );
  }
  return (
    <Empty icon={FileQuestionMark} title={t.notDesired}>
      <p>{t.notDesiredText}</p>
    </Empty>
  );
}

function NotLive({ error }: { readonly error: ApiError }) {
  const t = useWords(resourceWords);
  return (
    <Empty icon={FileQuestionMark} title={t.notLive}>
      <p>{t.notLiveText}</p>
      <p class={card.small}>{error.message}</p>
    </Empty>
  );
}

interface YamlProps {
  readonly label: string;
  readonly json: string;
  readonly hasManagedFields: boolean;
}

function Yaml({ label, json, hasManagedFields }: YamlProps) {
  const t = useWords(resourceWords);
  const [text, setText] = useState<string>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isLate = false;
    toYaml(json, { hasManagedFields }).then((yaml) => {
      if (!isLate) setText(yaml);
    }, setError);
    return () => {
      isLate = true;
    };
  }, [json, hasManagedFields]);
  if (error !== undefined) return <Problem error={error} />;
  if (text === undefined) return <Loading lines={10} />;
  return (
    <div class={s.yaml}>
      <span class={s.copy}>
        <CopyButton text={text} label={t.copy} />
      </span>
      <YamlEditor label={label} value={text} isReadOnly />
    </div>
  );
}

function isNothing(state: string): boolean {
  return state === '' || state === 'null';
}
