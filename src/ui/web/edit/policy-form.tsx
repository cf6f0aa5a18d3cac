// The sync policy of an Application by its switches.

import { useMemo, useState } from 'preact/hooks';
import { parse, stringify } from 'yaml';
import type { ApplicationSpec } from '../../../application/types.ts';
import { YamlEditor } from '../editor/yaml-editor.tsx';
import { CheckField, TextArea, TextField } from '../parts/field.tsx';
import { useWords } from '../words/words.ts';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';

interface Props {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly onChange: (path: readonly string[], value: unknown) => void;
}

const OPTIONS = [
  'CreateNamespace',
  'PruneLast',
  'ApplyOutOfSyncOnly',
  'ServerSideApply',
  'Replace',
  'FailOnSharedResource',
  'RespectIgnoreDifferences',
] as const;

export function PolicyForm({ spec: given, onChange }: Props) {
  const t = useWords(editWords);
  // What the server will say of it is shown where it is saved.
  const spec = given as Partial<ApplicationSpec>;
  const { automated, syncOptions = [], retry } = spec.syncPolicy ?? {};
  const isOn = automated !== undefined && automated !== null && automated.enabled !== false;
  const policy = (path: readonly string[], value: unknown) => onChange(['spec', 'syncPolicy', ...path], value);
  const flag = (name: 'prune' | 'selfHeal' | 'allowEmpty') => ({
    label: t[name],
    hint: t[`${name}Means`],
    isChecked: automated?.[name] === true,
    reason: isOn ? undefined : t.onlyAutomated,
    onChange: (isChecked: boolean) => {
      const { [name]: _, ...rest } = automated ?? {};
      policy(['automated'], isChecked ? { ...rest, [name]: true } : rest);
    },
  });
  const others = syncOptions.filter((option) => !OPTIONS.some((name) => option === `${name}=true`));
  const setOptions = (options: readonly string[]) => policy(['syncOptions'], options);
  return (
    <div class={s.sheet}>
      <section class={s.section} aria-label={t.automated}>
        <CheckField
          label={t.automated}
          hint={t.automatedMeans}
          isChecked={isOn}
          onChange={(isChecked) => {
            const { enabled: _, ...rest } = automated ?? {};
            policy(['automated'], isChecked ? rest : undefined);
          }}
        />
        <div class={s.fields}>
          <CheckField {...flag('prune')} />
          <CheckField {...flag('selfHeal')} />
          <CheckField {...flag('allowEmpty')} />
        </div>
      </section>
      <section class={s.section} aria-label={t.options}>
        <h3>{t.options}</h3>
        <div class={s.fields}>
          {OPTIONS.map((name) => (
            <CheckField
              key={name}
              label={name}
              hint={t.option[name]}
              isChecked={syncOptions.includes(`${name}=true`)}
              onChange={(isChecked) => {
                const rest = syncOptions.filter((option) => !option.startsWith(`${name}=`));
                setOptions(isChecked ? [...rest, `${name}=true`] : rest);
              }}
            />
          ))}
        </div>
        <LinesField
          label={t.otherOptions}
          lines={others}
          onChange={(lines) => setOptions([...syncOptions.filter((option) => !others.includes(option)), ...lines])}
        />
      </section>
      <section class={s.section} aria-label={t.retry}>
        <h3>{t.retry}</h3>
        <div class={s.fields}>
          <TextField
            label={t.retryLimit}
            hint={t.retryHint}
            type="number"
            value={retry?.limit === undefined ? '' : String(retry.limit)}
            onInput={(value) => policy(['retry', 'limit'], numberOf(value))}
          />
          <TextField
            label={t.duration}
            value={retry?.backoff?.duration ?? ''}
            placeholder="5s"
            isMono
            onInput={(value) => policy(['retry', 'backoff', 'duration'], value)}
          />
          <TextField
            label={t.factor}
            type="number"
            value={retry?.backoff?.factor === undefined ? '' : String(retry.backoff.factor)}
            placeholder="2"
            onInput={(value) => policy(['retry', 'backoff', 'factor'], numberOf(value))}
          />
          <TextField
            label={t.maxDuration}
            value={retry?.backoff?.maxDuration ?? ''}
            placeholder="3m"
            isMono
            onInput={(value) => policy(['retry', 'backoff', 'maxDuration'], value)}
          />
          <TextField
            label={t.historyLimit}
            type="number"
            value={spec.revisionHistoryLimit === undefined ? '' : String(spec.revisionHistoryLimit)}
            placeholder="10"
            onInput={(value) => onChange(['spec', 'revisionHistoryLimit'], numberOf(value))}
          />
        </div>
      </section>
      <section class={s.section} aria-label={t.ignore}>
        <h3>{t.ignore}</h3>
        <p class={s.note}>{t.ignoreHint}</p>
        <YamlValue
          label={t.ignore}
          value={spec.ignoreDifferences}
          onChange={(value) => onChange(['spec', 'ignoreDifferences'], value)}
        />
      </section>
    </div>
  );
}

function numberOf(value: string): number | undefined {
  const number = Number(value);
  return value.trim() === '' || !Number.isFinite(number) ? undefined : number;
}

interface LinesProps {
  readonly label: string;
  readonly hint?: string;
  readonly lines: readonly string[];
  readonly onChange: (lines: readonly string[]) => void;
}

/** A list of texts, one a line. What is typed stays as it is typed: a line that is just begun, and empty ones. */
export function LinesField({ label, hint, lines, onChange }: LinesProps) {
  const [typed, setTyped] = useState(lines.join('\n'));
  const isOwn = linesOf(typed).join('\n') === lines.join('\n');
  return (
    <TextArea
      label={label}
      {...(hint !== undefined && { hint })}
      rows={3}
      value={isOwn ? typed : lines.join('\n')}
      onInput={(text) => {
        setTyped(text);
        onChange(linesOf(text));
      }}
    />
  );
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

interface YamlValueProps {
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** A part of a spec as YAML. While it cannot be read, the last that could holds. */
export function YamlValue({ label, value, onChange }: YamlValueProps) {
  const written = useMemo(() => (value === undefined ? '' : stringify(value, { lineWidth: 0 })), [value]);
  const [typed, setTyped] = useState(written);
  const isOwn = useMemo(() => JSON.stringify(read(typed)) === JSON.stringify(value ?? null), [typed, value]);
  const [isBroken, setBroken] = useState(false);
  return (
    <YamlEditor
      label={label}
      value={isOwn || isBroken ? typed : written}
      onInput={(text) => {
        setTyped(text);
        const parsed = read(text);
        setBroken(parsed === undefined);
        if (parsed !== undefined) onChange(parsed ?? undefined);
      }}
    />
  );
}

/** undefined for what is no YAML, null for nothing. */
function read(text: string): unknown {
  try {
    return (parse(text) as unknown) ?? null;
  } catch {
    // The editor says where.
    return undefined;
  }
}
