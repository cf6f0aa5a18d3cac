// The editor itself: CodeMirror 6 inside a shadow root. It adds style sheets as it goes, and into a shadow root it does so without <style>
// elements, which the page's Content-Security-Policy does not let in.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, StateEffect, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type Problem, yamlProblems } from './problems.ts';

export interface EditorOptions {
  /** What it is called for screen readers. */
  readonly label: string;
  readonly text: string;
  readonly isYaml: boolean;
  readonly isReadOnly: boolean;
  /** As high as its parent; otherwise it grows with its text, up to a bound. */
  readonly isFilling: boolean;
  readonly onInput: (text: string) => void;
  /** The first error of the text's syntax, or undefined when it has none. */
  readonly onProblem: (problem: Problem | undefined) => void;
}

export interface Editor {
  /** Another text, where it is another one; it can be undone. */
  setText(text: string): void;
  setReadOnly(isReadOnly: boolean): void;
  /** Beside those of the syntax. */
  setProblems(problems: readonly Problem[]): void;
  destroy(): void;
}

const LINT_WAIT_MS = 300;
/** Other problems have come from outside, while the text is the same. */
const lookAgain = StateEffect.define<null>();

export function createEditor(root: ShadowRoot, options: EditorOptions): Editor {
  let given: readonly Problem[] = [];
  let isQuiet = false;
  const writing = new Compartment();
  const findProblems = async (view: EditorView): Promise<readonly Diagnostic[]> => {
    const { doc } = view.state;
    const own = options.isYaml ? await yamlProblems(doc.toString()) : [];
    options.onProblem(own.find(({ kind }) => kind !== 'warning'));
    return [...own, ...given].map((problem) => diagnosticOf(doc, problem));
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        history(),
        lineNumbers(),
        lintGutter(),
        foldGutter({ openText: '⌄', closedText: '›' }),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('  '),
        EditorState.tabSize.of(2),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        ...(options.isYaml ? [yaml()] : []),
        syntaxHighlighting(colours),
        linter(findProblems, {
          delay: LINT_WAIT_MS,
          needsRefresh: ({ transactions }) =>
            transactions.some(({ effects }) => effects.some((one) => one.is(lookAgain))),
        }),
        // Tab goes on to what follows the editor: nobody is caught in it.
        keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap]),
        writing.of(writable(options)),
        look(options.isFilling),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isQuiet) options.onInput(update.state.doc.toString());
        }),
      ],
    }),
  });
  // What is typed into a shadow root looks to the page as if nobody typed: its shortcuts shall not hear of it.
  const keep = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.key === 'Escape' || event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
  };
  root.addEventListener('keydown', keep);
  return {
    setText(text) {
      const old = view.state.doc.toString();
      if (old === text) return;
      isQuiet = true;
      view.dispatch({ changes: smallestChange(old, text) });
      isQuiet = false;
    },
    setReadOnly(isReadOnly) {
      view.dispatch({ effects: writing.reconfigure(writable({ ...options, isReadOnly })) });
    },
    setProblems(problems) {
      if (problems.length === 0 && given.length === 0) return;
      given = problems;
      view.dispatch({ effects: lookAgain.of(null) });
      forceLinting(view);
    },
    destroy() {
      root.removeEventListener('keydown', keep);
      view.destroy();
    },
  };
}

function writable({ isReadOnly, label }: Pick<EditorOptions, 'isReadOnly' | 'label'>): Extension {
  return [
    EditorState.readOnly.of(isReadOnly),
    EditorView.editable.of(!isReadOnly),
    EditorView.contentAttributes.of({
      'aria-label': label,
      // What cannot be typed into can be reached and scrolled all the same.
      ...(isReadOnly && { tabindex: '0', 'aria-readonly': 'true' }),
    }),
  ];
}

/** So that the cursor and the place stay where they are. */
function smallestChange(old: string, text: string): { from: number; to: number; insert: string } {
  const shorter = Math.min(old.length, text.length);
  let from = 0;
  while (from < shorter && old[from] === text[from]) from++;
  let end = 0;
  while (end < shorter - from && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  return { from, to: old.length - end, insert: text.slice(from, text.length - end) };
}

function diagnosticOf(
  doc: Text,
  { line, column = 1, endLine, endColumn, message, kind = 'error' }: Problem,
): Diagnostic {
  const from = offsetOf(doc, line, column);
  const end = endLine === undefined && endColumn === undefined ? doc.lineAt(from).to : undefined;
  const to = Math.max(from, end ?? offsetOf(doc, endLine ?? line, endColumn ?? column));
  return { from, to, message, severity: kind };
}

function offsetOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(from + Math.max(0, column - 1), to);
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--work)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.comment], color: 'var(--n7)', fontStyle: 'italic' },
  { tag: [tags.labelName, tags.typeName, tags.keyword, tags.meta], color: 'var(--warn)' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--n7)' },
]);

function look(isFilling: boolean): Extension {
  return EditorView.theme({
    '&': {
      color: 'var(--text)',
      backgroundColor: 'var(--surface)',
      fontSize: 'var(--t12)',
      ...(isFilling && { height: '100%' }),
    },
    // The frame around it shows the focus, over the gutters too.
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': {
      fontFamily: 'var(--mono)',
      lineHeight: '20px',
      ...(!isFilling && { maxHeight: '60vh' }),
    },
    '.cm-content, .cm-gutter': { minHeight: isFilling ? '100%' : '96px' },
    '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
      backgroundColor: 'var(--n4)',
    },
    '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--n7)', border: '0' },
    '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 12px' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
    '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--n2)' },
    '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--n2) 60%, transparent)' },
    '.cm-foldPlaceholder': { backgroundColor: 'var(--n2)', border: '0', color: 'var(--n7)', padding: '0 4px' },
    '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--n3)' },
    '.cm-gutter-lint': { width: '16px' },
    '.cm-gutter-lint .cm-gutterElement': { padding: '0', lineHeight: '20px' },
    '.cm-lint-marker': { width: '16px', height: '20px', textAlign: 'center' },
    '.cm-lint-marker-error, .cm-lint-marker-warning': { content: 'normal' },
    '.cm-lint-marker-error::before': { content: '"✕"', color: 'var(--bad)', fontWeight: '700' },
    '.cm-lint-marker-warning::before': { content: '"!"', color: 'var(--warn)', fontWeight: '700' },
    '.cm-lintRange-error, .cm-lintRange-warning': { backgroundImage: 'none', textDecorationSkipInk: 'none' },
    '.cm-lintRange-error': { textDecoration: 'underline wavy var(--bad) 1px' },
    '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--warn) 1px' },
    '.cm-tooltip': {
      maxWidth: '480px',
      border: '1px solid var(--line-strong)',
      borderRadius: 'var(--radius)',
      backgroundColor: 'var(--surface)',
      color: 'var(--text)',
    },
    '.cm-diagnostic': { padding: '8px 12px', fontFamily: 'var(--font)', whiteSpace: 'pre-wrap' },
    '.cm-diagnostic-error': { borderLeft: '4px solid var(--bad)' },
    '.cm-diagnostic-warning': { borderLeft: '4px solid var(--warn)' },
    '.cm-panels': { backgroundColor: 'var(--ground)', color: 'var(--text)', borderColor: 'var(--line)' },
  });
}
