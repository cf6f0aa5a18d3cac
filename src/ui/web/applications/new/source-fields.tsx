// Where it comes from: a repository, a revision, a folder or a chart, as far as Git tells offered.

import { Plus } from 'lucide';
import { Button } from '../../parts/button.tsx';
import { Segments, TextField } from '../../parts/field.tsx';
import { useWords } from '../../words/words.ts';
import { valueAt } from './draft.ts';
import type { Edit } from './edit.ts';
import type { SourceKind } from './form-state.ts';
import s from './new-application.module.css';
import { newWords } from './new-words.ts';
import type { Offer } from './offers.ts';
import { ToolFields } from './tool-fields.tsx';

const SOURCE = ['spec', 'source'] as const;
const MOST_OFFERED = 500;

export function SourceFields(edit: Edit) {
  const t = useWords(newWords);
  const { form, draft, offers, set, setAll, errorOf } = edit;
  const { kind } = form;
  if (form.hasSeveralSources) {
    return (
      <fieldset class={s.group}>
        <legend>{t.source}</legend>
        <p class={s.all}>{t.several}</p>
      </fieldset>
    );
  }
  const become = (next: SourceKind) => {
    const { repoURL } = form;
    const plain = repoURL.replace(/^oci:\/\//, '');
    const folder = form.path === '' || form.path === '.' ? '' : form.path;
    const tools = [[[...SOURCE, 'helm'], undefined] as const, [[...SOURCE, 'kustomize'], undefined] as const];
    if (next === 'helm') setAll([[[...SOURCE, 'path'], undefined], [[...SOURCE, 'chart'], form.chart], ...tools]);
    if (next === 'git') {
      setAll([
        [[...SOURCE, 'chart'], undefined],
        [[...SOURCE, 'path'], folder],
        ...(plain === repoURL ? [] : [[[...SOURCE, 'repoURL'], plain === '' ? '' : `https://${plain}`] as const]),
        ...tools,
      ]);
    }
    if (next === 'oci') {
      setAll([
        [[...SOURCE, 'chart'], undefined],
        [[...SOURCE, 'path'], '.'],
        [[...SOURCE, 'repoURL'], `oci://${repoURL.replace(/^\w+:\/\//, '')}`],
        ...tools,
      ]);
    }
  };
  const choose = (repoURL: string) => {
    set([...SOURCE, 'repoURL'], repoURL);
    const known = offers.repositories.find(({ repo }) => repo === repoURL);
    // One of charts, chosen of the list, is of no other kind.
    if (known?.type === 'helm' && kind === 'git') {
      setAll([
        [[...SOURCE, 'repoURL'], repoURL],
        [[...SOURCE, 'path'], undefined],
        [[...SOURCE, 'chart'], ''],
      ]);
    }
  };
  const addSource = () => {
    setAll([
      [
        ['spec', 'sources'],
        [valueAt(draft, SOURCE), { repoURL: '', targetRevision: 'HEAD', path: '' }],
      ],
      [SOURCE, undefined],
    ]);
  };
  return (
    <fieldset class={s.group}>
      <legend>{t.source}</legend>
      <div class={s.all}>
        <Segments
          label={t.kind}
          value={kind}
          choices={(['git', 'helm', 'oci'] as const).map((value) => ({ value, label: t.kinds[value] }))}
          onChange={(next) => become(next as SourceKind)}
        />
      </div>
      <div class={s.all}>
        <TextField
          label={t.repoURL}
          type="url"
          value={form.repoURL}
          error={errorOf('repoURL')}
          hint={hintOf(kind === 'git' ? offers.refs : kind === 'oci' ? offers.tags : offers.charts, t)}
          isRequired
          isMono
          placeholder={
            kind === 'oci' ? 'oci://registry.example.com/charts/web' : 'https://git.example.com/team/deploy.git'
          }
          suggestions={offers.repositories.map(({ repo }) => repo)}
          onInput={choose}
        />
      </div>
      {kind === 'helm' ? <ChartFields {...edit} /> : <FolderFields {...edit} />}
      <ToolFields {...edit} />
      <div class={s.all}>
        <Button kind="quiet" icon={Plus} onClick={addSource}>
          {t.addSource}
        </Button>
      </div>
    </fieldset>
  );
}

function FolderFields({ form, offers, set, errorOf }: Edit) {
  const t = useWords(newWords);
  const { branches = [], tags = [] } = offers.refs.value ?? {};
  const refs = form.kind === 'git' ? ['HEAD', ...branches, ...tags] : [...(offers.tags.value ?? [])];
  const folders = offers.apps.value ?? [];
  const hint = folders.length > 0 ? `${t.pathHint} ${t.found(folders.length)}.` : t.pathHint;
  return (
    <>
      <TextField
        label={t.revision}
        hint={form.kind === 'git' ? t.revisionHint : t.versionHint}
        value={form.revision}
        error={errorOf('revision')}
        isMono
        suggestions={refs.slice(0, MOST_OFFERED)}
        onInput={(text) => set([...SOURCE, 'targetRevision'], text)}
      />
      <TextField
        label={t.path}
        hint={offers.apps.isLoading ? t.reading : hint}
        value={form.path}
        error={errorOf('path')}
        isRequired
        isMono
        suggestions={folders.slice(0, MOST_OFFERED).map(({ path }) => path)}
        onInput={(text) => set([...SOURCE, 'path'], text)}
      />
    </>
  );
}

function ChartFields({ form, offers, set, errorOf }: Edit) {
  const t = useWords(newWords);
  const charts = offers.charts.value ?? [];
  const versions = charts.find(({ name }) => name === form.chart)?.versions ?? [];
  return (
    <>
      <TextField
        label={t.chart}
        value={form.chart}
        error={errorOf('chart')}
        isRequired
        isMono
        suggestions={charts.slice(0, MOST_OFFERED).map(({ name }) => name)}
        onInput={(text) => set([...SOURCE, 'chart'], text)}
      />
      <TextField
        label={t.version}
        hint={t.versionHint}
        value={form.revision}
        error={errorOf('revision')}
        isRequired
        isMono
        suggestions={versions.slice(0, MOST_OFFERED)}
        onInput={(text) => set([...SOURCE, 'targetRevision'], text)}
      />
    </>
  );
}

function hintOf(offer: Offer<unknown>, t: (typeof newWords)['en']): string | undefined {
  if (offer.isLoading) return t.reading;
  return offer.problem === undefined ? undefined : t.unread(offer.problem);
}
