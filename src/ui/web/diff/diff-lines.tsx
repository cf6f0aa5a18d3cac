// The lines of a difference. What did not change is folded, and of very many lines the first are shown until more are asked for.

import { ChevronsUpDown, EyeOff, MoveVertical } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../words/words.ts';
import s from './diff.module.css';
import type { Row } from './diff-rows.ts';
import { diffWords } from './diff-words.ts';
import { besideEachOther, foldRows, type Part, type SideBySide } from './fold.ts';
import { changedWords, type Span } from './words-of-line.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly layout: 'unified' | 'split';
}

/** Of one part, at first and with each wish for more. */
const FIRST_LINES = 400;
const MORE_LINES = 2_000;

export function DiffLines({ rows, layout }: Props) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => setOpened(new Set()), [rows]);
  const parts = useMemo(() => foldRows(rows), [rows]);
  const words = useMemo(() => wordsOf(rows), [rows]);
  return (
    <>
      {parts.map((part) =>
        part.isFolded && !opened.has(part.from) ? (
          <Fold
            key={part.from}
            count={part.to - part.from}
            path={rows[part.to]?.path ?? ''}
            onOpen={() => setOpened(new Set([...opened, part.from]))}
          />
        ) : (
          <Lines key={part.from} {...{ rows, part, layout, words }} />
        ),
      )}
    </>
  );
}

function Fold({ count, path, onOpen }: { readonly count: number; readonly path: string; readonly onOpen: () => void }) {
  const t = useWords(diffWords);
  return (
    <button type="button" class={s.fold} aria-expanded={false} title={t.open(count)} onClick={onOpen}>
      <Icon icon={ChevronsUpDown} size={14} />
      <span>{t.unchanged(count)}</span>
      {path !== '' && <span class={s.path}>{path}</span>}
    </button>
  );
}

interface LinesProps extends Props {
  readonly part: Part;
  readonly words: ReadonlyMap<Row, readonly Span[]>;
}

function Lines({ rows, part: { from, to }, layout, words }: LinesProps) {
  const t = useWords(diffWords);
  const [most, setMost] = useState(FIRST_LINES);
  const end = Math.min(to, from + most);
  const shown = rows.slice(from, end);
  const rest = to - end;
  return (
    <>
      {layout === 'split'
        ? besideEachOther(shown).map(({ left, right }, index, all) => (
            <div key={from + index} class={s.pair} {...(isFirstPair(all, index) && CHANGE)}>
              <Side row={left} words={words} />
              <Side row={right} words={words} />
            </div>
          ))
        : shown.map((row, index) => (
            <Line key={from + index} row={row} spans={words.get(row)} isFirst={isFirst(shown, index)} />
          ))}
      {rest > 0 && (
        <button type="button" class={s.fold} onClick={() => setMost(most + MORE_LINES)}>
          <Icon icon={ChevronsUpDown} size={14} />
          {t.more(Math.min(rest, MORE_LINES), rest)}
        </button>
      )}
    </>
  );
}

/** Where a change begins: keys go from one to the next. */
const CHANGE = { 'data-change': '', tabIndex: -1 } as const;

function isFirst(rows: readonly Row[], index: number): boolean {
  return isChange(rows[index]) && !isChange(rows[index - 1]);
}

function isFirstPair(lines: readonly SideBySide[], index: number): boolean {
  const isChanged = (line: SideBySide | undefined) => isChange(line?.left) || isChange(line?.right);
  return isChanged(lines[index]) && !isChanged(lines[index - 1]);
}

function isChange(row: Row | undefined): boolean {
  return row !== undefined && (row.kind !== 'same' || row.isMoved === true);
}

function Side({ row, words }: { readonly row: Row | undefined; readonly words: LinesProps['words'] }) {
  return row ? <Line row={row} spans={words.get(row)} /> : <div class={s.none} />;
}

interface LineProps {
  readonly row: Row;
  readonly spans: readonly Span[] | undefined;
  readonly isFirst?: boolean;
}

function Line({ row, spans, isFirst: begins = false }: LineProps) {
  const t = useWords(diffWords);
  const { kind, text, isMoved } = row;
  const content: ComponentChildren = spans
    ? spans.map(({ text: word, isChanged }) => (isChanged ? <mark class={s.word}>{word}</mark> : word))
    : text;
  return (
    <div class={`${s.line} ${s[kind]}`} {...(begins && CHANGE)}>
      <span class={s.sign}>{kind === 'del' ? '−' : kind === 'ins' ? '+' : kind === 'masked' ? '±' : ' '}</span>
      {kind === 'del' ? (
        <del {...hang(text)}>{content}</del>
      ) : kind === 'ins' ? (
        <ins {...hang(text)}>{content}</ins>
      ) : (
        <span {...hang(text)}>{content}</span>
      )}
      {isMoved && (
        <span class={s.said}>
          <Icon icon={MoveVertical} size={12} /> {t.moved}
        </span>
      )}
      {kind === 'masked' && (
        <span class={s.said}>
          <Icon icon={EyeOff} size={12} /> {t.masked}
        </span>
      )}
    </div>
  );
}

/** Shorter lines fit into any page. */
const FITTING = 32;

/** What of a long line does not fit goes on a little further in than it began. */
function hang(text: string) {
  if (text.length <= FITTING) return undefined;
  const indent = `${text.length - text.trimStart().length + 2}ch`;
  return { style: { paddingInlineStart: indent, textIndent: `-${indent}` } };
}

/** Too many changed lines are not looked at word by word. */
const MOST_PAIRS = 1_500;

function wordsOf(rows: readonly Row[]): ReadonlyMap<Row, readonly Span[]> {
  const gone = new Map<number, Row>();
  const words = new Map<Row, readonly Span[]>();
  for (const row of rows) {
    if (row.pair === undefined) continue;
    if (row.kind === 'del') gone.set(row.pair, row);
    const old = row.kind === 'ins' ? gone.get(row.pair) : undefined;
    const both = old && changedWords(old.text, row.text);
    if (!old || !both) continue;
    words.set(old, both[0]);
    words.set(row, both[1]);
    if (words.size > MOST_PAIRS) break;
  }
  return words;
}
