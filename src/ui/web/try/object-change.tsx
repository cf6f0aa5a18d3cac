// One object that differs: its name, and how.

import { Diff } from '../diff/diff.tsx';
import { Name } from '../parts/name.tsx';
import { useWords } from '../words/words.ts';
import s from './object-change.module.css';
import { tryWords } from './try-words.ts';

interface Shown {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** undefined: it is new. */
  readonly before: unknown;
  /** undefined: it is gone. */
  readonly after: unknown;
}

/** More are shown folded. */
const MOST_OPEN = 12;

interface Props {
  readonly change: Shown;
  readonly index: number;
  /** What is shown of it, for screen readers. */
  readonly what: string;
}

export function ObjectChange({ change, index, what }: Props) {
  const t = useWords(tryWords);
  const { kind, namespace, name, before, after } = change;
  const state = before === undefined ? t.created : after === undefined ? t.deleted : undefined;
  return (
    <details class={s.change} open={index < MOST_OPEN}>
      <summary class={s.name}>
        <span class={s.kind}>{kind}</span>
        <Name>{namespace === '' ? name : `${namespace}/${name}`}</Name>
        {state !== undefined && <span class={before === undefined ? s.new : s.gone}>{state}</span>}
      </summary>
      <Diff label={`${what}: ${kind} ${name}`} before={before} after={after} hasTools={false} />
    </details>
  );
}

export function nameOf({ group, kind, namespace, name }: Shown): string {
  return [group, kind, namespace, name].join('/');
}
