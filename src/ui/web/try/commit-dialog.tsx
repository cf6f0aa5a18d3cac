// The change as a commit: where it goes and what it says.

import { GitCommitHorizontal } from 'lucide';
import { useState } from 'preact/hooks';
import type { ChangeInput } from '../../../operation/application-changes.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Segments, SelectField, TextArea, TextField } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { Dialog } from '../parts/sheet.tsx';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import d from './commit-dialog.module.css';
import { type Draft, type FileName, filesOf } from './draft.ts';
import { Note } from './note.tsx';
import type { Committed } from './try-page.tsx';
import { tryWords } from './try-words.ts';

interface Props {
  readonly input: ChangeInput;
  readonly namespace: string;
  readonly name: string;
  /** The one that is shown: its source is offered. */
  readonly file: FileName;
  readonly draft: Draft;
  readonly onClose: () => void;
  readonly onCommitted: (committed: Committed, source: number) => void;
}

export function CommitDialog({ input, namespace, name, file, draft, onClose, onCommitted }: Props) {
  const t = useWords(tryWords);
  const changed = input.sources.flatMap((_, index) => (Object.keys(filesOf(draft, index)).length > 0 ? [index] : []));
  const [chosen, setChosen] = useState(changed.includes(file.source) ? file.source : (changed[0] ?? 0));
  const source = input.sources[chosen];
  const files = filesOf(draft, chosen);
  const paths = Object.keys(files).sort();
  const [isNew, setNew] = useState(true);
  const [branch, setBranch] = useState(() => `hawser/${name}-${stamp(new Date())}`);
  const [message, setMessage] = useState(() =>
    paths.length === 1 ? t.messageOf(paths[0]?.split('/').at(-1) ?? '', name) : t.messageOfMany(paths.length, name),
  );
  const [isPushing, setPushing] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!source) return null;
  const target = source.branch;
  const isToNew = isNew || target === undefined;
  const others = Object.keys(draft).length - paths.length;

  const push = async () => {
    setPushing(true);
    setError(undefined);
    try {
      const body = {
        ...{ appNamespace: namespace, source: chosen, message, files, baseRevision: source.revision },
        ...{ branch: isToNew ? branch.trim() : target, createBranch: isToNew },
      };
      onCommitted(await call('POST /api/v1/applications/{name}/commits', { params: { name }, body }), chosen);
    } catch (thrown) {
      setError(thrown);
      setPushing(false);
    }
  };

  return (
    <Dialog
      title={t.commitTitle}
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button
            kind="primary"
            icon={GitCommitHorizontal}
            isBusy={isPushing}
            reason={source.isWritable ? undefined : t.notWritable}
            onClick={push}
          >
            {t.push}
          </Button>
        </>
      }
    >
      <form
        class={card.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (source.isWritable && !isPushing) void push();
        }}
      >
        {!source.isWritable && (
          <Note meaning="warn">
            {t.notWritable}. {t.notWritableHint}
          </Note>
        )}
        {error !== undefined && <Problem error={error} title={t.commitFailed} />}
        {changed.length > 1 && (
          <SelectField
            label={t.repository}
            value={String(chosen)}
            choices={changed.map((index) => ({
              value: String(index),
              label: input.sources[index]?.source.repoURL ?? '',
            }))}
            onChange={(value) => setChosen(Number(value))}
          />
        )}
        <div>
          <h3>{t.files}</h3>
          <ul role="list" class={d.files}>
            {paths.map((path) => (
              <li key={path}>{path}</li>
            ))}
          </ul>
          {others > 0 && <p class={`${card.quiet} ${card.small}`}>{t.otherSources(others)}</p>}
        </div>
        {target !== undefined && (
          <Segments
            label={t.where}
            value={isToNew ? 'new' : 'same'}
            choices={[
              { value: 'new', label: t.newBranch },
              { value: 'same', label: t.toBranch(target) },
            ]}
            onChange={(value) => setNew(value === 'new')}
          />
        )}
        {isToNew ? (
          <TextField label={t.branchName} value={branch} onInput={setBranch} isMono isRequired />
        ) : (
          <p class={card.quiet}>{t.toBranchHint(target)}</p>
        )}
        <TextArea label={t.message} value={message} onInput={setMessage} rows={3} />
        {start.user && <p class={`${card.quiet} ${card.small}`}>{t.author(start.user.name)}</p>}
        <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true">
          {t.push}
        </button>
      </form>
    </Dialog>
  );
}

/** `20261123-2045`, in the reader's zone. */
function stamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}`;
}
