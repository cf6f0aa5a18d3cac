// What can be done with one object: sync it alone, its own actions, delete it. All of it is asked for first.

import type { IconNode } from 'lucide';
import { Pause, Play, RotateCw, Scale, Trash, Wand, Zap } from 'lucide';
import { useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { type Answer, call } from '../api/call.ts';
import { sheetPath } from '../application/addresses.ts';
import { objectOf } from '../application/application-object.ts';
import { Button } from '../parts/button.tsx';
import { ConfirmName } from '../parts/confirm-name.tsx';
import { Segments, TextField } from '../parts/field.tsx';
import { Menu } from '../parts/menu.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Dialog } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { useLoad } from '../state/load.ts';
import { may } from '../state/rights.ts';
import { keyOfRef, type ObjectRef, type TreeNode } from '../tree/tree-model.ts';
import { useWords } from '../words/words.ts';
import { apiQueryOf } from './resource-address.ts';
import { resourceWords } from './resource-words.ts';

type Action = Answer<'GET /api/v1/applications/{name}/resource/actions'>['actions'][number];

interface Props {
  readonly app: Application;
  readonly resource: ObjectRef;
  readonly node: TreeNode | undefined;
  /** It was deleted: nobody looks at it any more. */
  readonly onGone: () => void;
}

const ICONS: Readonly<Record<string, IconNode>> = {
  restart: RotateCw,
  pause: Pause,
  suspend: Pause,
  resume: Play,
  scale: Scale,
};

export function ResourceMenu({ app, resource, node, onGone }: Props) {
  const t = useWords(resourceWords);
  const [running, setRunning] = useState<Action>();
  const [isDeleting, setDeleting] = useState(false);
  const { name, namespace } = app.metadata;
  const object = objectOf(app);
  // Actions and deletion have rights of their own for each kind, which the server decides; who may do nothing at all is not asked.
  const reason = (['sync', 'update', 'delete'] as const).every(
    (action) => may('applications', action, object) === false,
  )
    ? t.mayNot
    : undefined;
  const { value } = useLoad(
    async (signal) => {
      if (!node?.uid) return undefined;
      const query = { ...apiQueryOf(resource), appNamespace: namespace };
      return call('GET /api/v1/applications/{name}/resource/actions', { params: { name }, query, signal });
    },
    [name, node?.uid, node?.resourceVersion],
  );
  const isManaged = node?.sync !== undefined;
  return (
    <>
      {isManaged && !node.hook && (
        <Button icon={Zap} href={sheetPath(app, 'sync', { resources: keyOfRef(resource) })} reason={reason}>
          {t.syncOnly}
        </Button>
      )}
      {node?.uid && (
        <Menu
          label={t.actions}
          items={[
            ...(value?.actions ?? []).map((action) => ({
              label: titleOf(action, t),
              icon: ICONS[action.name] ?? Wand,
              reason: reason ?? (action.disabled ? t.noActions : undefined),
              onSelect: () => setRunning(action),
            })),
            ...(value && value.actions.length > 0 ? (['line'] as const) : []),
            { label: t.delete, icon: Trash, isDanger: true, reason, onSelect: () => setDeleting(true) },
          ]}
        />
      )}
      {running && <RunAction app={app} resource={resource} action={running} onClose={() => setRunning(undefined)} />}
      {isDeleting && (
        <DeleteResource
          app={app}
          resource={resource}
          isManaged={isManaged}
          onClose={() => setDeleting(false)}
          onDone={onGone}
        />
      )}
    </>
  );
}

interface RunProps {
  readonly app: Application;
  readonly resource: ObjectRef;
  readonly action: Action;
  readonly onClose: () => void;
}

function RunAction({ app, resource, action, onClose }: RunProps) {
  const t = useWords(resourceWords);
  const parts = useWords(partWords);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { params = [] } = action;
  const title = titleOf(action, t).replace(/…$/, '');
  const givenFor = (param: (typeof params)[number]) =>
    values[param.name] ?? (typeof param.default === 'string' ? param.default : '');
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { name, namespace } = app.metadata;
      await call('POST /api/v1/applications/{name}/resource/actions/v2', {
        params: { name },
        body: {
          ...apiQueryOf(resource),
          ...{ action: action.name, appNamespace: namespace },
          resourceActionParameters: params.map((param) => ({ name: param.name, value: givenFor(param) })),
        },
      });
      tell(t.done(title));
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t.runAction(title, resource.name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{parts.cancel}</Button>
          <Button kind="primary" isBusy={isBusy} onClick={run}>
            {title}
          </Button>
        </>
      }
    >
      <p>{t.actionText}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        {params.map((param, index) => (
          <TextField
            key={param.name}
            label={t.parameter(param.name)}
            value={givenFor(param)}
            type={param.name === 'replicas' ? 'number' : 'text'}
            autoFocus={index === 0}
            onInput={(value) => setValues((old) => ({ ...old, [param.name]: value }))}
          />
        ))}
      </form>
      {error !== undefined && <Problem error={error} />}
    </Dialog>
  );
}

interface DeleteProps {
  readonly app: Application;
  readonly resource: ObjectRef;
  readonly isManaged: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function DeleteResource({ app, resource, isManaged, onClose, onDone }: DeleteProps) {
  const t = useWords(resourceWords);
  const [how, setHow] = useState('foreground');
  const { name, namespace } = app.metadata;
  const confirm = async () => {
    await call('DELETE /api/v1/applications/{name}/resource', {
      params: { name },
      query: {
        ...apiQueryOf(resource),
        appNamespace: namespace,
        ...(how === 'orphan' && { orphan: 'true' }),
        ...(how === 'force' && { force: 'true' }),
      },
    });
    tell(t.deleted(resource.name));
    onDone();
  };
  return (
    <ConfirmName
      title={t.deleteTitle(resource.kind, resource.name)}
      name={resource.name}
      action={t.deleteAction(resource.kind)}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{isManaged ? t.deleteManaged : t.deleteOwned}</p>
      <Segments
        label={t.deleteHow}
        value={how}
        choices={[
          { value: 'foreground', label: t.deleteForeground },
          { value: 'orphan', label: t.deleteOrphan },
          { value: 'force', label: t.deleteForce },
        ]}
        onChange={setHow}
      />
      {how === 'force' && <p>{t.deleteForceText}</p>}
    </ConfirmName>
  );
}

function titleOf({ name, displayName }: Action, t: (typeof resourceWords)['en']): string {
  return t.actionNames[name] ?? (displayName || `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
}
