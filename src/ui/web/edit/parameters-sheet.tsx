// PARAMETERS: what can be set of an Application's sources, beside what the chart or the kustomization says itself, and what comes of it.

import { useMemo, useState } from 'preact/hooks';
import type { Application, Source } from '../../../application/types.ts';
import { type Answer, call } from '../api/call.ts';
import { sheetPath } from '../application/addresses.ts';
import { TextField } from '../parts/field.tsx';
import { Name } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { DirectoryForm } from './directory-form.tsx';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';
import { HelmForm } from './helm-form.tsx';
import { KustomizeForm } from './kustomize-form.tsx';
import { Changes, SaveButtons } from './save-part.tsx';
import { setIn, sourcesIn, withSource } from './source-draft.ts';
import { type Editable, editableOf } from './spec-patch.ts';
import { useSaving } from './use-saving.ts';

interface Props {
  readonly app: Application;
  readonly onClose: () => void;
}

export default function ParametersSheet({ app, onClose }: Props) {
  const t = useWords(editWords);
  const query = useQuery();
  const [wanted, setWanted] = useState<Editable>(() => editableOf(app));
  const saving = useSaving(app, wanted, setWanted);
  const sources = sourcesIn(wanted.spec);
  const index = Math.min(Math.max(0, Number(query.get('source') ?? 1) - 1), Math.max(0, sources.length - 1));
  const source = sources[index];
  const part = { app, saving, wanted, onReset: setWanted };
  return (
    <Sheet
      title={t.parametersTitle(app.metadata.name)}
      size="wide"
      onClose={onClose}
      footer={<SaveButtons {...part} />}
    >
      <div class={s.sheet}>
        {sources.length > 1 && (
          <Tabs
            label={t.sources}
            tabs={sources.map((one, at) => ({
              label: `${at + 1} · ${one.name ?? one.ref ?? one.chart ?? one.path ?? ''}`,
              isCurrent: at === index,
              href: query.with({ source: at === 0 ? undefined : String(at + 1) }),
            }))}
          />
        )}
        {source && (
          <OneSource
            key={index}
            {...{ app, index, source }}
            onChange={(next) => setWanted({ ...wanted, spec: withSource(wanted.spec, index, next) })}
          />
        )}
        <Changes {...part} />
      </div>
    </Sheet>
  );
}

interface SourceProps {
  readonly app: Application;
  readonly index: number;
  readonly source: Source;
  readonly onChange: (source: Source) => void;
}

export type Details = Answer<'POST /api/v1/repositories/{repo}/appdetails'>;

/** What a form of a source is given. */
export interface FormProps {
  readonly source: Source;
  /** undefined while, or where, it is not known. */
  readonly details: Details | undefined;
  readonly set: (path: readonly string[], value: unknown) => void;
}

function OneSource({ app, index, source, onChange }: SourceProps) {
  const t = useWords(editWords);
  const { value: details, error } = useDetails(app, index);
  const type = details?.type ?? app.status.sourceTypes?.[index] ?? app.status.sourceType ?? typeBySpec(source);
  const form: FormProps = {
    source,
    details,
    set: (path, value) => onChange(setIn(source, path, value)),
  };
  return (
    <>
      <p class={s.note}>
        <Name isMono>{source.repoURL}</Name>
      </p>
      <div class={s.fields}>
        <TextField
          label={t.revision}
          value={source.targetRevision ?? ''}
          placeholder="HEAD"
          isMono
          onInput={(value) => form.set(['targetRevision'], value)}
        />
        {source.chart === undefined && (
          <TextField
            label={t.path}
            value={source.path ?? ''}
            placeholder="."
            isMono
            onInput={(value) => form.set(['path'], value)}
          />
        )}
      </div>
      {error !== undefined && <Problem title={t.detailsFailed} error={error} />}
      {type === 'Helm' ? (
        <HelmForm {...form} />
      ) : type === 'Kustomize' ? (
        <KustomizeForm {...form} />
      ) : type === 'Directory' ? (
        <DirectoryForm {...form} />
      ) : (
        <p class={s.note}>
          {t.otherType} <a href={sheetPath(app, 'manifest')}>{t.yaml}</a>
        </p>
      )}
    </>
  );
}

function typeBySpec({ helm, chart, kustomize, directory }: Source): string {
  if (helm || chart) return 'Helm';
  return kustomize ? 'Kustomize' : directory ? 'Directory' : '';
}

/** Of the source as it is saved: the server tells of no other one. */
function useDetails(app: Application, index: number) {
  const source = useMemo(() => sourcesIn({ ...app.spec })[index], [app.spec, index]);
  const { metadata, spec } = app;
  return useLoad(
    async (signal): Promise<Details | undefined> => {
      if (!source || source.ref) return undefined;
      return call('POST /api/v1/repositories/{repo}/appdetails', {
        params: { repo: source.repoURL },
        body: {
          source: { ...source },
          appName: `${metadata.namespace}/${metadata.name}`,
          appProject: spec.project,
          sourceIndex: index,
        },
        signal,
      });
    },
    [JSON.stringify(source), index],
  );
}
