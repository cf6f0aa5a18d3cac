// A YAML text to edit or to read, with its errors in place. CodeMirror is loaded when the first one is shown.

import { useEffect, useRef, useState } from 'preact/hooks';
import { Loading } from '../parts/loading.tsx';
import { Problem as ProblemPart } from '../parts/problem.tsx';
import { useWords } from '../words/words.ts';
import type { Editor } from './code-mirror.ts';
import { createEchoes } from './echoes.ts';
import { editorWords } from './editor-words.ts';
import type { Problem } from './problems.ts';
import s from './yaml-editor.module.css';

export type { Problem } from './problems.ts';

interface Props {
  /** What it is called: the file's name. */
  readonly label: string;
  readonly value: string;
  readonly onInput?: ((text: string) => void) | undefined;
  readonly isReadOnly?: boolean;
  /** Beside those of the syntax, which it finds by itself. */
  readonly problems?: readonly Problem[] | undefined;
  readonly language?: 'yaml' | 'text';
  /** `content` grows up to 60 % of the window; `fill` is as high as the parent. */
  readonly height?: 'content' | 'fill';
  /** The first error of the syntax, or undefined when there is none any more. */
  readonly onProblem?: ((message: string | undefined) => void) | undefined;
}

export function YamlEditor(props: Props) {
  const t = useWords(editorWords);
  const { label, value, isReadOnly = false, problems, language = 'yaml', height = 'content' } = props;
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const echoes = useRef(createEchoes(value));
  const [editor, setEditor] = useState<Editor>();
  const [problem, setProblem] = useState<Problem>();
  const [error, setError] = useState<unknown>();

  useEffect(() => {
    let isGone = false;
    let made: Editor | undefined;
    const { current } = host;
    if (!current) return;
    import('./code-mirror.ts').then(({ createEditor }) => {
      if (isGone) return;
      echoes.current = createEchoes(latest.current.value);
      const root = current.shadowRoot ?? current.attachShadow({ mode: 'open' });
      made = createEditor(root, {
        ...{ label, text: latest.current.value, isReadOnly },
        isYaml: language === 'yaml',
        isFilling: height === 'fill',
        onInput: (text) => {
          echoes.current.said(text);
          latest.current.onInput?.(text);
        },
        onProblem: (found) => {
          setProblem((old) => (old?.message === found?.message && old?.line === found?.line ? old : found));
          latest.current.onProblem?.(found?.message);
        },
      });
      setEditor(made);
    }, setError);
    return () => {
      isGone = true;
      made?.destroy();
      setEditor(undefined);
    };
  }, [label, language, height]);

  useEffect(() => {
    if (editor && echoes.current.isNew(value)) editor.setText(value);
  }, [editor, value]);
  useEffect(() => editor?.setReadOnly(isReadOnly), [editor, isReadOnly]);
  useEffect(() => editor?.setProblems(problems ?? []), [editor, problems]);

  return (
    <div class={`${s.frame} ${height === 'fill' ? s.fill : ''}`}>
      <div ref={host} class={s.host} />
      {/* Whoever cannot hover over the mark reads it here. */}
      <p class={s.problem} role="status">
        {problem && t.problem(problem.line, problem.message)}
      </p>
      {!editor && error === undefined && <Loading lines={6} />}
      {error !== undefined && <ProblemPart error={error} />}
    </div>
  );
}
