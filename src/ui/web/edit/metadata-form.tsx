// Labels, annotations, finalizers and information of an Application.

import { Plus, X } from 'lucide';
import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { TextField } from '../parts/field.tsx';
import { useWords } from '../words/words.ts';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';
import { LinesField } from './policy-form.tsx';
import type { Editable } from './spec-patch.ts';

interface Props {
  readonly editable: Editable;
  readonly onChange: (path: readonly string[], value: unknown) => void;
}

export function MetadataForm({ editable: { metadata, spec }, onChange }: Props) {
  const t = useWords(editWords);
  const info = Array.isArray(spec.info) ? (spec.info as readonly { name?: string; value?: string }[]) : [];
  return (
    <div class={s.sheet}>
      <PairsField
        label={t.labels}
        pairs={metadata.labels ?? {}}
        onChange={(pairs) => onChange(['metadata', 'labels'], pairs)}
      />
      <PairsField
        label={t.annotations}
        pairs={metadata.annotations ?? {}}
        onChange={(pairs) => onChange(['metadata', 'annotations'], pairs)}
      />
      <section class={s.section} aria-label={t.finalizers}>
        <LinesField
          label={t.finalizers}
          lines={metadata.finalizers ?? []}
          onChange={(lines) => onChange(['metadata', 'finalizers'], lines)}
        />
      </section>
      <PairsField
        label={t.info}
        pairs={Object.fromEntries(info.map(({ name = '', value = '' }) => [name, value]))}
        onChange={(pairs) =>
          onChange(['spec', 'info'], pairs && Object.entries(pairs).map(([name, value]) => ({ name, value })))
        }
      />
    </div>
  );
}

interface PairsProps {
  readonly label: string;
  readonly pairs: Readonly<Record<string, string>>;
  /** undefined where none is left. */
  readonly onChange: (pairs: Readonly<Record<string, string>> | undefined) => void;
}

/** Names and values. A name that is just being typed counts when it is not empty. */
export function PairsField({ label, pairs, onChange }: PairsProps) {
  const t = useWords(editWords);
  const [rows, setRows] = useState<readonly (readonly [string, string])[]>(() => Object.entries(pairs));
  const isOwn = JSON.stringify(mapOf(rows)) === JSON.stringify(pairs);
  const shown = isOwn ? rows : Object.entries(pairs);
  const set = (next: readonly (readonly [string, string])[]) => {
    setRows(next);
    const map = mapOf(next);
    onChange(Object.keys(map).length > 0 ? map : undefined);
  };
  const replace = (index: number, row: readonly [string, string]) =>
    set(shown.map((old, at) => (at === index ? row : old)));
  return (
    <section class={s.section} aria-label={label}>
      <h3>{label}</h3>
      <div class={s.rows}>
        {shown.map(([name, value], index) => (
          <div key={index} class={s.row}>
            <TextField label={t.name} value={name} isMono onInput={(typed) => replace(index, [typed, value])} />
            <TextField label={t.value} value={value} isMono onInput={(typed) => replace(index, [name, typed])} />
            <Button
              kind="quiet"
              icon={X}
              label={t.remove(name)}
              onClick={() => set(shown.filter((_, at) => at !== index))}
            />
          </div>
        ))}
        <div>
          <Button icon={Plus} onClick={() => setRows([...shown, ['', '']])}>
            {t.add}
          </Button>
        </div>
      </div>
    </section>
  );
}

function mapOf(rows: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(rows.filter(([name]) => name.trim() !== '').map(([name, value]) => [name.trim(), value]));
}
