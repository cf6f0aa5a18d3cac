// What can be set of a kustomization.

import { TextField } from '../parts/field.tsx';
import { useWords } from '../words/words.ts';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';
import { PairsField } from './metadata-form.tsx';
import type { FormProps } from './parameters-sheet.tsx';
import { LinesField } from './policy-form.tsx';
import { imagePartsOf, replicaLines, replicasOf, tagOfRules, withImageTag } from './source-draft.ts';

export function KustomizeForm({ source, details, set }: FormProps) {
  const t = useWords(editWords);
  const kustomize = source.kustomize ?? {};
  const rules = kustomize.images ?? [];
  const images = [...new Set(details?.kustomize?.images ?? [])].map((image) => ({ image, ...imagePartsOf(image) }));
  const text = (name: 'namePrefix' | 'nameSuffix' | 'namespace') => ({
    label: t[name],
    value: kustomize[name] ?? '',
    isMono: true,
    onInput: (value: string) => set(['kustomize', name], value),
  });
  return (
    <>
      <section class={s.section} aria-label={t.images}>
        <h3>{t.images}</h3>
        <div class={s.fields}>
          {images.map(({ image, name, suffix }) => (
            <TextField
              key={image}
              label={name}
              hint={`${t.imageNow}: ${suffix.replace(/^:/, '') || 'latest'}`}
              placeholder={suffix.replace(/^:/, '')}
              value={tagOfRules(rules, name) ?? ''}
              isMono
              onInput={(tag) => set(['kustomize', 'images'], withImageTag(rules, name, tag))}
            />
          ))}
          <div class={s.wide}>
            <LinesField
              label={t.otherImages}
              hint="nginx:1.29, nginx=registry.local/nginx, nginx@sha256:…"
              lines={rules}
              onChange={(lines) => set(['kustomize', 'images'], lines)}
            />
          </div>
        </div>
      </section>
      <section class={s.section} aria-label={t.kustomize}>
        <div class={s.fields}>
          <TextField {...text('namePrefix')} />
          <TextField {...text('nameSuffix')} />
          <TextField {...text('namespace')} />
          <div class={s.wide}>
            <LinesField
              label={t.replicas}
              lines={replicaLines(kustomize.replicas ?? [])}
              onChange={(lines) => set(['kustomize', 'replicas'], replicasOf(lines))}
            />
          </div>
        </div>
      </section>
      <PairsField
        label={t.commonLabels}
        pairs={kustomize.commonLabels ?? {}}
        onChange={(pairs) => set(['kustomize', 'commonLabels'], pairs)}
      />
      <PairsField
        label={t.commonAnnotations}
        pairs={kustomize.commonAnnotations ?? {}}
        onChange={(pairs) => set(['kustomize', 'commonAnnotations'], pairs)}
      />
    </>
  );
}
