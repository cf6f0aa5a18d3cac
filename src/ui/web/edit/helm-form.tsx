// What can be set of a chart.

import { Plus, X } from 'lucide';
import { useState } from 'preact/hooks';
import { YamlEditor } from '../editor/yaml-editor.tsx';
import { Button } from '../parts/button.tsx';
import { CheckField, TextField } from '../parts/field.tsx';
import { Name } from '../parts/name.tsx';
import { useWords } from '../words/words.ts';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';
import h from './helm-form.module.css';
import type { FormProps } from './parameters-sheet.tsx';
import { LinesField, YamlValue } from './policy-form.tsx';
import { type HelmParameter, imageTagsOf, withParameter } from './source-draft.ts';

export function HelmForm({ source, details, set }: FormProps) {
  const t = useWords(editWords);
  const helm = source.helm ?? {};
  const parameters = helm.parameters ?? [];
  const values = details?.helm?.parameters ?? [];
  const setParameters = (next: readonly HelmParameter[]) => set(['helm', 'parameters'], next);
  const images = imageTagsOf(values);
  const offered = (details?.helm?.valueFiles ?? []).filter((file) => !helm.valueFiles?.includes(file));
  return (
    <>
      {images.length > 0 && (
        <section class={s.section} aria-label={t.images}>
          <h3>{t.images}</h3>
          <div class={s.fields}>
            {images.map(({ name, repository, tag }) => (
              <TextField
                key={name}
                label={`${repository} (${name})`}
                hint={`${t.imageNow}: ${tag}`}
                placeholder={tag}
                value={parameters.find((parameter) => parameter.name === name)?.value ?? ''}
                isMono
                onInput={(value) => setParameters(withParameter(parameters, name, value === '' ? undefined : value))}
              />
            ))}
          </div>
        </section>
      )}
      <section class={s.section} aria-label={t.parameters}>
        <h3>{t.parameters}</h3>
        <p class={s.note}>{t.parametersHint}</p>
        <ParameterRows parameters={parameters} names={values.map(({ name }) => name)} onChange={setParameters} />
        {values.length > 0 && (
          <ChartValues
            values={values}
            parameters={parameters}
            onSet={(name, value) => setParameters(withParameter(parameters, name, value))}
          />
        )}
      </section>
      <section class={s.section} aria-label={t.values}>
        <LinesField
          label={t.valueFiles}
          hint={t.valueFilesHint}
          lines={helm.valueFiles ?? []}
          onChange={(lines) => set(['helm', 'valueFiles'], lines)}
        />
        {offered.length > 0 && (
          <p class={h.offered}>
            <span class={s.note}>{t.offered}:</span>
            {offered.map((file) => (
              <Button
                key={file}
                kind="quiet"
                icon={Plus}
                onClick={() => set(['helm', 'valueFiles'], [...(helm.valueFiles ?? []), file])}
              >
                {file}
              </Button>
            ))}
          </p>
        )}
        <h3>{t.values}</h3>
        <p class={s.note}>{t.valuesHint}</p>
        {helm.values === undefined ? (
          <YamlValue
            label={t.values}
            value={helm.valuesObject}
            onChange={(value) => set(['helm', 'valuesObject'], value)}
          />
        ) : (
          <YamlEditor label={t.values} value={helm.values} onInput={(value) => set(['helm', 'values'], value)} />
        )}
      </section>
      <section class={s.section} aria-label={t.helm}>
        <div class={s.fields}>
          <TextField
            label={t.releaseName}
            value={helm.releaseName ?? ''}
            isMono
            onInput={(value) => set(['helm', 'releaseName'], value)}
          />
        </div>
        <div class={s.fields}>
          <CheckField
            label={t.ignoreMissing}
            isChecked={helm.ignoreMissingValueFiles === true}
            onChange={(isOn) => set(['helm', 'ignoreMissingValueFiles'], isOn)}
          />
          <CheckField
            label={t.skipCrds}
            isChecked={helm.skipCrds === true}
            onChange={(isOn) => set(['helm', 'skipCrds'], isOn)}
          />
          <CheckField
            label={t.skipSchema}
            isChecked={helm.skipSchemaValidation === true}
            onChange={(isOn) => set(['helm', 'skipSchemaValidation'], isOn)}
          />
        </div>
      </section>
    </>
  );
}

interface RowsProps {
  readonly parameters: readonly HelmParameter[];
  readonly names: readonly string[];
  readonly onChange: (parameters: readonly HelmParameter[]) => void;
}

function ParameterRows({ parameters, names, onChange }: RowsProps) {
  const t = useWords(editWords);
  // A row that is just begun has no name, and is no parameter yet.
  const [isAdding, setAdding] = useState(false);
  const replace = (index: number, changes: Partial<HelmParameter>) =>
    onChange(parameters.map((one, at) => (at === index ? { ...one, ...changes } : one)));
  return (
    <div class={s.rows}>
      {parameters.map((parameter, index) => (
        <div key={index} class={s.row}>
          <TextField
            label={t.name}
            value={parameter.name}
            suggestions={names}
            isMono
            onInput={(name) => replace(index, { name })}
          />
          <TextField
            label={t.value}
            value={parameter.value ?? ''}
            isMono
            onInput={(value) => replace(index, { value })}
          />
          <CheckField
            label={t.isString}
            isChecked={parameter.forceString === true}
            onChange={(isOn) => {
              const { forceString: _, ...rest } = parameter;
              onChange(parameters.with(index, isOn ? { ...rest, forceString: true } : rest));
            }}
          />
          <Button
            kind="quiet"
            icon={X}
            label={t.remove(parameter.name)}
            onClick={() => onChange(parameters.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {isAdding ? (
        <NewParameter
          names={names}
          onAdd={(name, value) => {
            setAdding(false);
            onChange(withParameter(parameters, name, value));
          }}
        />
      ) : (
        <div>
          <Button icon={Plus} onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        </div>
      )}
    </div>
  );
}

function NewParameter({
  names,
  onAdd,
}: {
  readonly names: readonly string[];
  readonly onAdd: (name: string, value: string) => void;
}) {
  const t = useWords(editWords);
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  return (
    <form
      class={s.row}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') onAdd(name.trim(), value);
      }}
    >
      <TextField label={t.name} value={name} suggestions={names} isMono autoFocus onInput={setName} />
      <TextField label={t.value} value={value} isMono onInput={setValue} />
      <Button type="submit">{t.add}</Button>
    </form>
  );
}

interface ChartValuesProps {
  readonly values: readonly { readonly name: string; readonly value: string }[];
  readonly parameters: readonly HelmParameter[];
  readonly onSet: (name: string, value: string) => void;
}

/** More than these are found by their names. */
const MOST_VALUES = 100;

function ChartValues({ values, parameters, onSet }: ChartValuesProps) {
  const t = useWords(editWords);
  const [text, setText] = useState('');
  const found = values.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(text.toLowerCase()));
  return (
    <details class={h.values}>
      <summary>
        {t.defaults} ({values.length})
      </summary>
      <TextField label={t.defaultsFind} type="search" value={text} onInput={setText} />
      <dl class={h.list}>
        {found.slice(0, MOST_VALUES).map(({ name, value }) => (
          <div key={name} class={h.value}>
            <dt>
              <Name isMono>{name}</Name>
            </dt>
            <dd>
              <code class={h.code}>{value}</code>
            </dd>
            <dd>
              {!parameters.some((parameter) => parameter.name === name) && (
                <Button kind="quiet" label={`${t.set}: ${name}`} onClick={() => onSet(name, value)}>
                  {t.set}
                </Button>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
