// The draft of one Application, and what it is rendered to: kept with the tab, rendered by the worker as it changes.

import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChangeInput } from '../../../operation/application-changes.ts';
import { start } from '../state/start.ts';
import { keepInTab, readTab } from '../state/tab-storage.ts';
import { type Draft, editsOf, type FileName, parseDraft, withoutCommitted, withText } from './draft.ts';
import type { Rendered } from './render-messages.ts';
import { createRenderer, type Renderer } from './renderer.ts';

export interface Workbench {
  readonly draft: Draft;
  readonly isChanged: boolean;
  readonly edit: (file: FileName, text: string) => void;
  readonly replace: (draft: Draft) => void;
  /** The newest that came; undefined until the first one. */
  readonly rendered: Rendered | undefined;
  readonly failure: 'slow' | 'broken' | undefined;
}

export function useWorkbench(input: ChangeInput, name: string): Workbench {
  const key = `try ${name}`;
  const [draft, setDraft] = useState<Draft>(() => withoutCommitted(parseDraft(readTab(key)), input));
  const [rendered, setRendered] = useState<Rendered>();
  const [failure, setFailure] = useState<Workbench['failure']>();
  const renderer = useRef<Renderer>(undefined);
  const isChanged = Object.keys(draft).length > 0;
  const edits = useMemo(() => editsOf(draft, input), [draft, input]);

  useEffect(() => {
    keepInTab(key, isChanged ? JSON.stringify(draft) : undefined);
  }, [key, draft, isChanged]);

  // Of what was loaded again, Git may have some of the draft.
  useEffect(() => setDraft((old) => withoutCommitted(old, input)), [input]);

  useEffect(() => {
    const made = createRenderer({
      input,
      startWorker: () => new Worker(start.renderWorker ?? '', { type: 'module' }),
      onRendered: (latest) => {
        setFailure(undefined);
        setRendered(latest);
      },
      onFailed: setFailure,
    });
    renderer.current = made;
    return () => made.close();
  }, [input]);

  useEffect(() => renderer.current?.render(edits), [edits, input]);

  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isChanged]);

  const edit = useCallback(
    (file: FileName, text: string) => setDraft((old) => withText(old, input, file, text)),
    [input],
  );
  return { draft, isChanged, edit, replace: setDraft, rendered, failure };
}
