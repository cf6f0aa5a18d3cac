// Below a form that changes an Application: what was changed, what that would change in the cluster, and what somebody else did meanwhile.

import { Eye, RotateCcw, Save } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { type Answer, call } from '../api/call.ts';
import { objectOf } from '../application/application-object.ts';
import { Diff } from '../diff/diff.tsx';
import { ObjectDiffs } from '../diff/object-diffs.tsx';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Problem } from '../parts/problem.tsx';
import { tell } from '../parts/toast.tsx';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';
import type { Editable } from './spec-patch.ts';
import type { Saving } from './use-saving.ts';

interface Props {
  readonly app: Application;
  readonly saving: Saving;
  /** undefined while what is typed cannot be read. */
  readonly wanted: Editable | undefined;
  readonly onReset: (to: Editable) => void;
}

/** The buttons, for the foot of the sheet. */
export function SaveButtons({ app, saving, wanted, onReset }: Props) {
  const t = useWords(editWords);
  const { isChanged, isBusy, save, base } = saving;
  const mayNot = may('applications', 'update', objectOf(app)) === false ? t.mayNot : undefined;
  const reason = mayNot ?? (wanted ? (isChanged ? undefined : t.nothing) : t.unreadable);
  const { automated } = app.spec.syncPolicy ?? {};
  const press = async () => {
    if (await save()) tell(t.saved);
  };
  return (
    <>
      <p class={s.foot}>{automated && automated.enabled !== false ? t.willSync : t.wontSync}</p>
      {isChanged && (
        <Button kind="quiet" icon={RotateCcw} onClick={() => onReset(base)}>
          {t.reset}
        </Button>
      )}
      <Button
        kind="primary"
        icon={Save}
        isBusy={isBusy}
        reason={saving.isOvertaken ? t.overtaken : reason}
        onClick={press}
      >
        {t.save}
      </Button>
    </>
  );
}

/** What was changed, and what comes of it. */
export function Changes({ app, saving, wanted, onReset }: Props) {
  const t = useWords(editWords);
  const { isChanged, base, now, error, save, rebase } = saving;
  return (
    <>
      {saving.isOvertaken && (
        <section class={`${card.card} ${card.pad} ${s.sheet}`} aria-label={t.overtaken}>
          <h3>{t.overtaken}</h3>
          <p class={s.note}>{t.overtakenMeans}</p>
          <Diff label={t.theirs} before={base} after={now} hasTools={false} />
          <div class={card.row}>
            <Button
              kind="danger"
              onClick={async () => {
                if (await save(true)) tell(t.saved);
              }}
            >
              {t.saveOver}
            </Button>
            <Button onClick={() => onReset(rebase())}>{t.takeTheirs}</Button>
          </div>
        </section>
      )}
      {error !== undefined && !saving.isOvertaken && <Problem title={t.notSaved} error={error} />}
      {isChanged && wanted && (
        <section class={s.section} aria-label={t.yours}>
          <h3>{t.yours}</h3>
          <Diff label={t.yours} before={base} after={wanted} hasTools={false} />
          <Preview app={app} wanted={wanted} />
        </section>
      )}
    </>
  );
}

type Compared = Answer<'POST /api/v1/applications/{name}/server-side-diff'>['items'];

/** Rendered and compared with the cluster by a dry run, before anything is saved. */
function Preview({ app, wanted }: { readonly app: Application; readonly wanted: Editable }) {
  const t = useWords(editWords);
  const { name, namespace } = app.metadata;
  const [found, setFound] = useState<{ readonly of: Editable; readonly items: Compared }>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => setError(undefined), [wanted]);
  const look = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { items } = await call('POST /api/v1/applications/{name}/server-side-diff', {
        params: { name },
        body: { appNamespace: namespace, spec: { ...wanted.spec } },
      });
      setFound({ of: wanted, items });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const reason = may('applications', 'sync', objectOf(app)) === false ? t.mayNotPreview : undefined;
  const isOld = found !== undefined && found.of !== wanted;
  return (
    <>
      <div class={card.row}>
        <Button icon={Eye} isBusy={isBusy} reason={reason} onClick={look}>
          {isOld ? t.previewAgain : t.preview}
        </Button>
      </div>
      {error !== undefined && <Problem title={t.previewFailed} error={error} />}
      {found && !isOld && (
        <>
          <h3>{t.previewing}</h3>
          <ObjectDiffs
            name={name}
            items={found.items.map((item) => ({
              ...{ group: item.group, kind: item.kind, namespace: item.namespace, name: item.name },
              ...{ before: item.normalizedLiveState, after: item.predictedLiveState, message: item.message },
            }))}
          />
        </>
      )}
    </>
  );
}
