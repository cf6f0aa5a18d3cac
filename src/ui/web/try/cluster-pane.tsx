// What of the draft would touch the cluster: asked of the API server by a dry run, when one has stopped typing for a moment.

import { CheckCheck } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { ChangeInput } from '../../../operation/application-changes.ts';
import { type Answer, call } from '../api/call.ts';
import card from '../parts/card.module.css';
import { Loading } from '../parts/loading.tsx';
import { Sign } from '../parts/mark.tsx';
import { Problem } from '../parts/problem.tsx';
import { may } from '../state/rights.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import c from './cluster-pane.module.css';
import { editsOf } from './draft.ts';
import { nameOf, ObjectChange } from './object-change.tsx';
import { tryWords } from './try-words.ts';
import type { Workbench } from './workbench.ts';

interface Props {
  readonly input: ChangeInput;
  readonly namespace: string;
  readonly name: string;
  readonly bench: Workbench;
}

type Items = Answer<'POST /api/v1/applications/{name}/server-side-diff'>['items'];

/** A dry run of each object: not with every key. */
const REST_MS = 1_000;

interface Asked {
  readonly isAsking: boolean;
  readonly items?: Items;
  readonly error?: unknown;
}

export function ClusterPane({ input, namespace, name, bench }: Props) {
  const t = useWords(tryWords);
  const { draft, isChanged, rendered } = bench;
  const isAllowed = may('applications', 'sync', objectOf(input, namespace, name)) !== false;
  const isDue = isChanged && isAllowed && rendered !== undefined && !rendered.problem;
  const [asked, setAsked] = useState<Asked>({ isAsking: false });

  useEffect(() => {
    if (!isDue) {
      setAsked({ isAsking: false });
      return;
    }
    const ended = new AbortController();
    setAsked((old) => ({ ...old, isAsking: true }));
    const ask = async () => {
      const body = {
        appNamespace: namespace,
        revision: input.sources.map(({ revision }) => revision).join(','),
        edits: editsOf(draft, input),
      };
      try {
        const { signal } = ended;
        const { items } = await call('POST /api/v1/applications/{name}/server-side-diff', {
          ...{ params: { name }, body, signal },
        });
        if (!ended.signal.aborted) setAsked({ isAsking: false, items });
      } catch (error) {
        if (!ended.signal.aborted) setAsked({ isAsking: false, error });
      }
    };
    const timer = setTimeout(() => void ask(), REST_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [draft, isDue, isChanged, input]);

  const changes = (asked.items ?? []).filter(({ modified }) => modified).map(shown);
  const of = (isIt: (change: (typeof changes)[number]) => boolean) => changes.filter(isIt).length;
  const created = of(({ before }) => before === undefined);
  const deleted = of(({ after }) => after === undefined);
  const sum = t.clusterSum(changes.length - created - deleted, created, deleted);
  return (
    <section class={card.card} aria-labelledby="try-cluster">
      <header class={card.head}>
        <h2 id="try-cluster" class={c.heading}>
          {t.cluster}
        </h2>
        <span class={c.sum} role="status">
          {asked.isAsking ? t.clusterWaits : asked.items && changes.length > 0 ? sum : ''}
        </span>
      </header>
      <div class={`${card.pad} ${card.stack} ${c.body}`} aria-busy={asked.isAsking}>
        {!isAllowed && <p class={card.quiet}>{t.clusterDenied}</p>}
        {isAllowed && !isChanged && <p class={card.quiet}>{t.clusterIdle}</p>}
        {isAllowed && isChanged && rendered?.problem && <p class={card.quiet}>{t.clusterBroken}</p>}
        {isDue && !asked.items && asked.error === undefined && <Loading lines={2} />}
        {asked.error !== undefined && <Problem error={asked.error} title={t.clusterFailed} />}
        {isChanged && asked.items && changes.length === 0 && (
          <Sign icon={CheckCheck} meaning="good" word={t.clusterSame} />
        )}
        {isChanged && changes.length > 0 && (
          <>
            <p class={card.quiet}>{t.clusterHint}</p>
            <div>
              {changes.map((change, index) => (
                <ObjectChange key={nameOf(change)} {...{ change, index }} what={t.cluster} />
              ))}
            </div>
          </>
        )}
      </div>
    </section>
  );
}

/** How rights name the Application. */
function objectOf({ context: { project } }: ChangeInput, namespace: string, name: string): string {
  return namespace === start.namespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}

function shown({ group, kind, namespace, name, normalizedLiveState, predictedLiveState }: Items[number]) {
  const stateOf = (text: string) => (text === '' || text === 'null' ? undefined : text);
  return {
    ...{ group, kind, namespace, name },
    ...{ before: stateOf(normalizedLiveState), after: stateOf(predictedLiveState) },
  };
}
