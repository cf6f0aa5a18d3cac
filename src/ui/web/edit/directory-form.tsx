// What can be set of a folder of manifests.

import { CheckField, TextField } from '../parts/field.tsx';
import { useWords } from '../words/words.ts';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';
import type { FormProps } from './parameters-sheet.tsx';
import { YamlValue } from './policy-form.tsx';

export function DirectoryForm({ source, set }: FormProps) {
  const t = useWords(editWords);
  const directory = source.directory ?? {};
  return (
    <>
      <section class={s.section} aria-label={t.directory}>
        <CheckField
          label={t.recurse}
          isChecked={directory.recurse === true}
          onChange={(isOn) => set(['directory', 'recurse'], isOn)}
        />
        <div class={s.fields}>
          <TextField
            label={t.include}
            hint={t.globHint}
            value={directory.include ?? ''}
            isMono
            onInput={(value) => set(['directory', 'include'], value)}
          />
          <TextField
            label={t.exclude}
            hint={t.globHint}
            value={directory.exclude ?? ''}
            isMono
            onInput={(value) => set(['directory', 'exclude'], value)}
          />
        </div>
      </section>
      <section class={s.section} aria-label={t.jsonnet}>
        <h3>{t.jsonnet}</h3>
        <p class={s.note}>{t.jsonnetHint}</p>
        <YamlValue
          label={t.jsonnet}
          value={directory.jsonnet}
          onChange={(value) => set(['directory', 'jsonnet'], value)}
        />
      </section>
    </>
  );
}
