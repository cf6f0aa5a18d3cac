// MANIFEST: the Application itself, as YAML and by its switches; and what it is to be in the cluster, to read.

import { useMemo, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { objectOf } from '../application/application-object.ts';
import { YamlEditor } from '../editor/yaml-editor.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import s from './edit.module.css';
import { editWords } from './edit-words.ts';
import { changeManifest, manifestTextOf, readManifest } from './manifest-text.ts';
import { MetadataForm } from './metadata-form.tsx';
import { PolicyForm } from './policy-form.tsx';
import { Changes, SaveButtons } from './save-part.tsx';
import { type Editable, editableOf } from './spec-patch.ts';
import { useSaving } from './use-saving.ts';

interface Props {
  readonly app: Application;
  readonly onClose: () => void;
}

const TABS = ['yaml', 'policy', 'metadata', 'rendered'] as const;

export default function ManifestSheet({ app, onClose }: Props) {
  const t = useWords(editWords);
  const query = useQuery();
  const tab = TABS.find((one) => one === query.get('tab')) ?? 'yaml';
  const { name } = app.metadata;
  const [text, setText] = useState(() => manifestTextOf(editableOf(app), app.metadata));
  const read = useMemo(() => readManifest(text), [text]);
  const wanted = 'editable' in read ? read.editable : undefined;
  const reset = (to: Editable) => setText(manifestTextOf(to, app.metadata));
  const saving = useSaving(app, wanted, reset);
  const canEdit = may('applications', 'update', objectOf(app)) !== false;
  const change = (path: readonly string[], value: unknown) => setText((old) => changeManifest(old, path, value));
  const part = { app, saving, wanted, onReset: reset };
  return (
    <Sheet
      title={t.manifestTitle(name)}
      size="wide"
      onClose={onClose}
      footer={tab !== 'rendered' && <SaveButtons {...part} />}
    >
      <div class={s.sheet}>
        <Tabs
          label={t.tabs}
          tabs={TABS.map((one) => ({
            ...{ label: t[one], isCurrent: one === tab, href: query.with({ tab: one === 'yaml' ? undefined : one }) },
          }))}
        />
        {tab === 'yaml' && (
          <YamlEditor
            label={`${name}.yaml`}
            value={text}
            isReadOnly={!canEdit}
            onInput={setText}
            problems={'problem' in read && read.problem ? [read.problem] : []}
          />
        )}
        {tab === 'policy' && wanted && <PolicyForm spec={wanted.spec} onChange={change} />}
        {tab === 'metadata' && wanted && <MetadataForm editable={wanted} onChange={change} />}
        {tab !== 'yaml' && tab !== 'rendered' && !wanted && <Problem title={t.unreadable} error={new Error('')} />}
        {tab === 'rendered' ? <Rendered app={app} /> : <Changes {...part} />}
      </div>
    </Sheet>
  );
}

function Rendered({ app }: { readonly app: Application }) {
  const t = useWords(editWords);
  const { name, namespace } = app.metadata;
  const { value, error, reload } = useLoad(
    async (signal) => {
      const { manifests } = await call('GET /api/v1/applications/{name}/manifests', {
        ...{ params: { name }, query: { appNamespace: namespace }, signal },
      });
      const { stringify } = await import('yaml');
      const texts = manifests.map((one) => stringify(JSON.parse(one), { lineWidth: 0, compat: 'yaml-1.1' }));
      return { count: manifests.length, text: texts.join('---\n') };
    },
    [name, namespace, app.status.reconciledAt],
  );
  if (error !== undefined) return <Problem title={t.failedToRender} error={error} onRetry={reload} />;
  if (!value) return <Loading lines={10} />;
  return (
    <div class={`${s.sheet} ${s.tight}`}>
      <p class={s.note}>
        {t.renderedNow} {t.manifestCount(value.count)}. <CopyButton text={value.text} />
      </p>
      <YamlEditor label={t.rendered} value={value.text} isReadOnly />
    </div>
  );
}
