// The page of a change that is tried: files on the left, what they are rendered to on the right, the cluster below.

import { ClipboardCopy, Download, GitCommitHorizontal, RotateCw, Trash2 } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import type { ChangeInput } from '../../../operation/application-changes.ts';
import type { Answer } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { tell } from '../parts/toast.tsx';
import { useActions } from '../shell/actions.ts';
import { applicationNamed } from '../state/applications.ts';
import { useLive } from '../state/live.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { ClusterPane } from './cluster-pane.tsx';
import { CommitDialog } from './commit-dialog.tsx';
import { CommittedNote } from './committed-note.tsx';
import { type FileName, filesOf, keyOf, overtaken, parseKey, textAtRevision } from './draft.ts';
import { FilePane } from './file-pane.tsx';
import { gitPatch } from './git-patch.ts';
import { Note } from './note.tsx';
import { OutcomePane } from './outcome-pane.tsx';
import s from './try-page.module.css';
import { tryWords } from './try-words.ts';
import { useWorkbench } from './workbench.ts';

interface Props {
  readonly input: ChangeInput;
  readonly namespace: string;
  readonly name: string;
  /** Of the Application's page. */
  readonly href: string;
  /** Loads the files again. */
  readonly reload: () => void;
  /** Why they could not be loaded again. */
  readonly error: unknown;
}

export type Committed = Answer<'POST /api/v1/applications/{name}/commits'>;

export function TryPage({ input, namespace, name, href, reload, error }: Props) {
  const t = useWords(tryWords);
  const query = useQuery();
  const bench = useWorkbench(input, `${namespace}/${name}`);
  const [committed, setCommitted] = useState<Committed>();
  const file = chosenFile(input, query.get('file'));
  const isCommitting = query.get('commit') === '1' && bench.isChanged;
  const choose = (next: FileName) => query.set({ file: keyOf(next) });
  const askForCommit = (isOpen: boolean) => query.set({ commit: isOpen ? '1' : undefined }, isOpen);
  const reason = bench.isChanged ? undefined : t.nothingToCommit;

  const patch = () => gitPatch(changedFiles(input, bench.draft));
  const copyPatch = async () => {
    try {
      await navigator.clipboard.writeText(patch());
      tell(t.patchCopied);
    } catch {
      tell(t.copyFailed, true);
    }
  };
  useActions(
    bench.isChanged
      ? [
          { id: 'commit', label: t.commit, group: t.title, icon: GitCommitHorizontal, run: () => askForCommit(true) },
          { id: 'copy-patch', label: t.copyPatch, group: t.title, icon: ClipboardCopy, run: copyPatch },
        ]
      : [],
    [t, bench.isChanged, bench.draft],
  );
  const moved = useMoved(input, namespace, name);
  const taken = overtaken(bench.draft, input);

  return (
    <Page
      title={t.titleOf(name)}
      isWide
      heading={
        <>
          {t.title}: <Name>{name}</Name>
        </>
      }
      actions={
        <>
          <Button
            kind="quiet"
            icon={Trash2}
            reason={reason}
            label={t.discard}
            onClick={() => {
              bench.replace({});
              tell(t.discarded);
            }}
          />
          <Button icon={ClipboardCopy} reason={reason} onClick={copyPatch}>
            {t.copyPatch}
          </Button>
          <Button
            icon={Download}
            reason={reason}
            onClick={() => download(`${name}.patch`, patch())}
            label={t.download}
          />
          <Button kind="primary" icon={GitCommitHorizontal} reason={reason} onClick={() => askForCommit(true)}>
            {t.commit}
          </Button>
        </>
      }
    >
      <p class={s.intro}>{t.intro}</p>
      {committed && <CommittedNote committed={committed} name={name} href={href} />}
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {moved !== undefined && (
        <Note
          action={
            <Button icon={RotateCw} onClick={reload}>
              {t.loadAgain}
            </Button>
          }
        >
          {t.moved(moved.slice(0, 7))}
        </Note>
      )}
      {taken.length > 0 && (
        <Note
          meaning="warn"
          action={
            <Button
              onClick={() => {
                const keys = new Set(taken.map(keyOf));
                bench.replace(Object.fromEntries(Object.entries(bench.draft).filter(([key]) => !keys.has(key))));
              }}
            >
              {t.takeGit}
            </Button>
          }
        >
          {t.overtaken(taken.map(({ path }) => path).join(', '))}
        </Note>
      )}
      {file ? (
        <>
          <div class={s.panes}>
            <FilePane {...{ input, file, choose }} bench={bench} />
            <OutcomePane {...{ input, file, choose }} bench={bench} />
          </div>
          <ClusterPane {...{ input, namespace, name }} bench={bench} />
        </>
      ) : (
        <Note action={<Button href={`${href}/parameters`}>{t.editApplication}</Button>}>{t.noFiles}</Note>
      )}
      {isCommitting && file && (
        <CommitDialog
          {...{ input, namespace, name, file }}
          draft={bench.draft}
          onClose={() => askForCommit(false)}
          onCommitted={(answer, source) => {
            const files = filesOf(bench.draft, source);
            const left = Object.entries(bench.draft).filter(([key]) => !isOf(key, source, files));
            bench.replace(Object.fromEntries(left));
            setCommitted(answer);
            query.set({ commit: undefined });
            if (answer.branch === input.sources[source]?.branch) reload();
          }}
        />
      )}
    </Page>
  );
}

/** The one that the address names, or the values file that counts last, or whatever there is. */
function chosenFile({ sources }: ChangeInput, key: string | undefined): FileName | undefined {
  const asked = key === undefined ? undefined : parseKey(key);
  if (asked && sources[asked.source]?.editable.includes(asked.path)) return asked;
  const files = sources.flatMap(({ editable }, source) => editable.map((path) => ({ source, path })));
  return files.find(({ path }) => /(^|\/)values[^/]*\.ya?ml$/.test(path)) ?? files[0];
}

function changedFiles(input: ChangeInput, draft: Parameters<typeof overtaken>[0]) {
  return Object.entries(draft).flatMap(([key, { text }]) => {
    const file = parseKey(key);
    if (!file) return [];
    const isNew = !Object.hasOwn(input.sources[file.source]?.tree.texts ?? {}, file.path);
    return [{ path: file.path, before: isNew ? undefined : textAtRevision(input, file), after: text }];
  });
}

function isOf(key: string, source: number, files: Readonly<Record<string, string>>): boolean {
  const file = parseKey(key);
  return file !== undefined && file.source === source && Object.hasOwn(files, file.path);
}

/** The commit that the Application has come to since the page was opened, where that is another one than what is edited here. */
function useMoved(input: ChangeInput, namespace: string, name: string): string | undefined {
  const { value: app } = useLive(applicationNamed(namespace, name));
  const { revision = '', revisions = [revision] } = app?.status.sync ?? {};
  const first = useRef<{ input: ChangeInput; seen: string }>(undefined);
  if (app && first.current?.input !== input) first.current = { input, seen: revisions.join() };
  if (!app || first.current?.seen === revisions.join()) return undefined;
  return revisions.find((now, index) => now !== '' && now !== input.sources[index]?.revision);
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/x-diff' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
