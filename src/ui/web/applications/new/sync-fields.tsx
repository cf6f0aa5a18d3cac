// How it is synced: options, how deletions go on, and what happens after a failure.

import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { useWords } from '../../words/words.ts';
import { textAt } from './draft.ts';
import type { Edit } from './edit.ts';
import { OPTIONS, type Option, RETRY, withOption, withPropagation } from './form-state.ts';
import s from './new-application.module.css';
import { newWords } from './new-words.ts';

const OPTIONS_AT = ['spec', 'syncPolicy', 'syncOptions'] as const;
const RETRY_AT = ['spec', 'syncPolicy', 'retry'] as const;
const FIRST: readonly Option[] = ['CreateNamespace=true', 'PruneLast=true'];

export function SyncFields(edit: Edit) {
  const t = useWords(newWords);
  const { form, draft, set } = edit;
  return (
    <fieldset class={s.group}>
      <legend>{t.syncOptions}</legend>
      {FIRST.map((option) => (
        <OptionField key={option} option={option} {...edit} />
      ))}
      <SelectField
        label={t.propagation}
        hint={t.propagationHint}
        value={form.propagation}
        choices={Object.entries(t.propagations).map(([value, label]) => ({ value, label }))}
        onChange={(policy) => set(OPTIONS_AT, withPropagation(form.options, policy))}
      />
      <div class={s.stack}>
        <CheckField
          label={t.retry}
          hint={t.retryHint}
          isChecked={form.retries}
          onChange={(isOn) => set(RETRY_AT, isOn ? RETRY : undefined)}
        />
      </div>
      {form.retries && (
        <div class={`${s.all} ${s.four}`}>
          <TextField
            label={t.retryLimit}
            type="number"
            value={textAt(draft, ...RETRY_AT, 'limit')}
            onInput={(text) => set([...RETRY_AT, 'limit'], numberOf(text))}
          />
          <TextField
            label={t.retryDuration}
            value={textAt(draft, ...RETRY_AT, 'backoff', 'duration')}
            onInput={(text) => set([...RETRY_AT, 'backoff', 'duration'], text)}
          />
          <TextField
            label={t.retryFactor}
            type="number"
            value={textAt(draft, ...RETRY_AT, 'backoff', 'factor')}
            onInput={(text) => set([...RETRY_AT, 'backoff', 'factor'], numberOf(text))}
          />
          <TextField
            label={t.retryMax}
            value={textAt(draft, ...RETRY_AT, 'backoff', 'maxDuration')}
            onInput={(text) => set([...RETRY_AT, 'backoff', 'maxDuration'], text)}
          />
        </div>
      )}
      <details class={s.all}>
        <summary>{t.moreOptions}</summary>
        <div class={s.two}>
          {OPTIONS.filter((option) => !FIRST.includes(option)).map((option) => (
            <OptionField key={option} option={option} {...edit} />
          ))}
        </div>
      </details>
    </fieldset>
  );
}

function OptionField({ option, form, set }: Edit & { readonly option: Option }) {
  const t = useWords(newWords);
  const [label, hint] = t.options[option];
  return (
    <CheckField
      label={label}
      hint={hint}
      isChecked={form.options.includes(option)}
      onChange={(isOn) => set(OPTIONS_AT, withOption(form.options, option, isOn))}
    />
  );
}

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
