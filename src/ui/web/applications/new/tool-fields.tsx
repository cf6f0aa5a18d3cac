// What can be set of the chart, kustomization or folder that was recognised.

import { Plus, X } from 'lucide';
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { CheckField, TextArea, TextField } from '../../parts/field.tsx';
import { useWords } from '../../words/words.ts';
import { textAt, valueAt } from './draft.ts';
import type { Edit } from './edit.ts';
import { nameOfImage, overrideImage, overrideOf } from './form-state.ts';
import s from './new-application.module.css';
import { newWords } from './new-words.ts';

const SOURCE = ['spec', 'source'] as const;
const HELM = [...SOURCE, 'helm'] as const;
const KUSTOMIZE = [...SOURCE, 'kustomize'] as const;
const DIRECTORY = [...SOURCE, 'directory'] as const;
const MOST_OFFERED = 500;

export function ToolFields(edit: Edit) {
  const t = useWords(newWords);
  const { offers, form } = edit;
  const { type } = offers.details.value ?? {};
  const isHelm = type === 'Helm' || form.kind === 'helm' || form.valueFiles.length > 0;
  if (type === undefined && !isHelm) {
    const { isLoading, problem } = offers.details;
    if (isLoading) return <p class={s.note}>{t.reading}</p>;
    return problem === undefined ? null : <p class={s.note}>{t.unread(problem)}</p>;
  }
  return (
    <div class={s.tool}>
      {type !== undefined && <p class={s.recognised}>{t.recognised(t.types[type] ?? type)}</p>}
      {isHelm && <HelmFields {...edit} />}
      {type === 'Kustomize' && <KustomizeFields {...edit} />}
      {type === 'Directory' && <DirectoryFields {...edit} />}
    </div>
  );
}

function HelmFields(edit: Edit) {
  const t = useWords(newWords);
  const { form, draft, offers, set, errorOf } = edit;
  const [other, setOther] = useState('');
  const offered = offers.details.value?.helm?.valueFiles ?? [];
  const files = [
    ...offered.filter((file) => file !== 'values.yaml'),
    ...form.valueFiles.filter((file) => !offered.includes(file)),
  ];
  const choose = (file: string, isOn: boolean) => {
    const others = form.valueFiles.filter((one) => one !== file);
    set([...HELM, 'valueFiles'], isOn ? [...others, file] : others);
  };
  return (
    <>
      <fieldset class={s.inner}>
        <legend>{t.valueFiles}</legend>
        <p class={s.hint}>{t.valueFilesHint}</p>
        {files.map((file) => (
          <CheckField
            key={file}
            label={<code>{file}</code>}
            isChecked={form.valueFiles.includes(file)}
            onChange={(isOn) => choose(file, isOn)}
          />
        ))}
        {errorOf('values') !== undefined && <p class={s.error}>{errorOf('values')}</p>}
        <Adding
          label={t.valueFile}
          value={other}
          onInput={setOther}
          onAdd={(file) => {
            choose(file, true);
            setOther('');
          }}
        />
      </fieldset>
      <Parameters {...edit} />
      <TextArea
        label={t.values}
        hint={t.valuesHint}
        rows={4}
        value={textAt(draft, ...HELM, 'values')}
        onInput={(text) => set([...HELM, 'values'], text)}
      />
      <TextField
        label={t.releaseName}
        isOptional
        isMono
        value={textAt(draft, ...HELM, 'releaseName')}
        onInput={(text) => set([...HELM, 'releaseName'], text)}
      />
    </>
  );
}

function Parameters({ form, offers, set }: Edit) {
  const t = useWords(newWords);
  const [name, setName] = useState('');
  const offered = offers.details.value?.helm?.parameters ?? [];
  const defaults = new Map(offered.map((parameter) => [parameter.name, parameter.value]));
  const { parameters } = form;
  const put = (key: string, value: string) => {
    const index = parameters.findIndex((one) => one.name === key);
    const next = { name: key, value };
    set([...HELM, 'parameters'], index < 0 ? [...parameters, next] : parameters.with(index, next));
  };
  return (
    <fieldset class={s.inner}>
      <legend>{t.parameters}</legend>
      <p class={s.hint}>{t.parametersHint}</p>
      {parameters.map((parameter) => (
        <div key={parameter.name} class={s.adding}>
          <TextField
            label={parameter.name}
            value={parameter.value}
            isMono
            placeholder={defaults.get(parameter.name) ?? ''}
            onInput={(value) => put(parameter.name, value)}
          />
          <Button
            kind="quiet"
            icon={X}
            label={t.remove(parameter.name)}
            onClick={() =>
              set(
                [...HELM, 'parameters'],
                parameters.filter((one) => one.name !== parameter.name),
              )
            }
          />
        </div>
      ))}
      <Adding
        label={t.parameter}
        value={name}
        suggestions={offered.slice(0, MOST_OFFERED).map((parameter) => parameter.name)}
        onInput={setName}
        onAdd={(added) => {
          put(added, defaults.get(added) ?? '');
          setName('');
        }}
      />
    </fieldset>
  );
}

interface AddingProps {
  readonly label: string;
  readonly value: string;
  readonly suggestions?: readonly string[];
  readonly onInput: (text: string) => void;
  readonly onAdd: (text: string) => void;
}

/** A field whose text is added by Enter, too, which does not send the form then. */
function Adding({ label, value, suggestions, onInput, onAdd }: AddingProps) {
  const t = useWords(newWords);
  const add = () => {
    if (value.trim() !== '') onAdd(value.trim());
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key of the field inside comes here.
    <div
      class={s.adding}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        add();
      }}
    >
      <TextField {...{ label, value, suggestions, onInput }} isMono />
      <Button icon={Plus} onClick={add}>
        {t.add}
      </Button>
    </div>
  );
}

function KustomizeFields({ form, draft, offers, set }: Edit) {
  const t = useWords(newWords);
  const found = offers.details.value?.kustomize?.images ?? [];
  const images = found.filter(
    (image, index) => found.findIndex((one) => nameOfImage(one) === nameOfImage(image)) === index,
  );
  return (
    <>
      {images.length > 0 && (
        <fieldset class={s.inner}>
          <legend>{t.images}</legend>
          <p class={s.hint}>{t.imagesHint}</p>
          {images.map((image) => {
            const name = nameOfImage(image);
            return (
              <TextField
                key={name}
                label={name}
                isMono
                value={overrideOf(form.images, name)}
                placeholder={image.slice(name.length + 1)}
                onInput={(text) => set([...KUSTOMIZE, 'images'], overrideImage(form.images, name, text))}
              />
            );
          })}
        </fieldset>
      )}
      <div class={s.two}>
        <TextField
          label={t.namePrefix}
          isOptional
          isMono
          value={textAt(draft, ...KUSTOMIZE, 'namePrefix')}
          onInput={(text) => set([...KUSTOMIZE, 'namePrefix'], text)}
        />
        <TextField
          label={t.nameSuffix}
          isOptional
          isMono
          value={textAt(draft, ...KUSTOMIZE, 'nameSuffix')}
          onInput={(text) => set([...KUSTOMIZE, 'nameSuffix'], text)}
        />
      </div>
    </>
  );
}

function DirectoryFields({ draft, set }: Edit) {
  const t = useWords(newWords);
  return (
    <>
      <CheckField
        label={t.recurse}
        isChecked={valueAt(draft, [...DIRECTORY, 'recurse']) === true}
        onChange={(isOn) => set([...DIRECTORY, 'recurse'], isOn)}
      />
      <div class={s.two}>
        <TextField
          label={t.include}
          isOptional
          isMono
          placeholder="*.yaml"
          value={textAt(draft, ...DIRECTORY, 'include')}
          onInput={(text) => set([...DIRECTORY, 'include'], text)}
        />
        <TextField
          label={t.exclude}
          isOptional
          isMono
          value={textAt(draft, ...DIRECTORY, 'exclude')}
          onInput={(text) => set([...DIRECTORY, 'exclude'], text)}
        />
      </div>
    </>
  );
}
