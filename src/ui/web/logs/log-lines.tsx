// Lines of a log: only those in view are in the page. It stays at the newest one until somebody scrolls up.

import { ArrowDown } from 'lucide';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { useWords } from '../words/words.ts';
import { parseAnsi } from './ansi.ts';
import type { LogLine } from './log-buffer.ts';
import s from './log-lines.module.css';
import { lineAt, measureRows } from './log-rows.ts';
import { markMatches } from './log-search.ts';
import { logsWords } from './logs-words.ts';

interface Props {
  readonly lines: readonly LogLine[];
  /** What is marked in them. */
  readonly wanted: string;
  readonly hasTimes: boolean;
  readonly hasPods: boolean;
  readonly isWrapped: boolean;
  /** What is said where there is none. */
  readonly empty: string;
}

/** Pixels; log-lines.module.css has the same. */
const ROW = 20;
const PADDING = 12;
const MARGIN_ROWS = 20;
/** Nearer to the end than that is at the end. */
const NEAR = 24;

export function LogLines({ lines, wanted, hasTimes, hasPods, isWrapped, empty }: Props) {
  const t = useWords(logsWords);
  const box = useRef<HTMLElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [size, setSize] = useState({ columns: 120, height: 600 });
  const [top, setTop] = useState(0);
  const [isFollowing, setFollowing] = useState(true);
  /** The newest line that was in view when one began to scroll up. */
  const [seen, setSeen] = useState(0);

  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const look = () => {
      const character = (probe.current?.getBoundingClientRect().width ?? 720) / 100;
      const columns = Math.max(20, Math.floor((current.clientWidth - 2 * PADDING) / character));
      setSize({ columns, height: current.clientHeight });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);

  const rows = useMemo(
    () =>
      measureRows(
        isWrapped ? lines.map((line) => prefixOf(line, hasTimes, hasPods).length + line.width) : lines.map(() => 0),
        isWrapped ? size.columns : undefined,
      ),
    [lines, isWrapped, size.columns, hasTimes, hasPods],
  );
  const total = (rows.tops[lines.length] ?? 0) * ROW;

  // Before it is painted, so that nothing jumps.
  useLayoutEffect(() => {
    const { current } = box;
    if (current && isFollowing) current.scrollTop = current.scrollHeight;
  }, [total, isFollowing, size.height]);

  const first = lineAt(rows, Math.max(0, Math.floor(top / ROW) - MARGIN_ROWS));
  const end = Math.min(lines.length, lineAt(rows, Math.ceil((top + size.height) / ROW) + MARGIN_ROWS) + 1);
  const newest = lines.at(-1)?.number ?? 0;
  useEffect(() => {
    if (isFollowing) setSeen(newest);
  }, [isFollowing, newest]);

  const onScroll = () => {
    const { current } = box;
    if (!current) return;
    setTop(current.scrollTop);
    setFollowing(current.scrollHeight - current.scrollTop - current.clientHeight < NEAR);
  };
  const jump = () => {
    setFollowing(true);
    const { current } = box;
    if (current) current.scrollTop = current.scrollHeight;
  };
  const added = Math.max(0, newest - seen);

  return (
    <div class={s.frame}>
      <section
        ref={box}
        class={s.box}
        aria-label={t.logs}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        tabIndex={0}
        onScroll={onScroll}
      >
        <span ref={probe} class={s.probe} aria-hidden="true">
          {'0'.repeat(100)}
        </span>
        {lines.length === 0 && <p class={s.empty}>{empty}</p>}
        <div style={{ height: `${total}px` }} class={isWrapped ? s.wrapped : s.whole}>
          <div style={{ transform: `translateY(${(rows.tops[first] ?? 0) * ROW}px)` }}>
            {lines.slice(first, end).map((line) => (
              <Line key={line.number} line={line} wanted={wanted} prefix={prefixOf(line, hasTimes, hasPods)} />
            ))}
          </div>
        </div>
      </section>
      {!isFollowing && (
        <span class={s.jump}>
          <Button kind="primary" icon={ArrowDown} onClick={jump}>
            {added > 0 ? `${t.newest} · ${t.newLines(added)}` : t.newest}
          </Button>
        </span>
      )}
    </div>
  );
}

function Line({ line, wanted, prefix }: { readonly line: LogLine; readonly wanted: string; readonly prefix: string }) {
  return (
    <div class={`${s.line} ${line.at === undefined ? s.notice : ''}`}>
      {prefix !== '' && <span class={s.prefix}>{prefix}</span>}
      {parseAnsi(line.text).map(({ text, color, isBold, isDim }, index) => (
        <span
          key={index}
          class={[color && s[color], isBold && s.bold, isDim && s.dim].filter(Boolean).join(' ') || undefined}
        >
          {markMatches(text, wanted).map((piece, at) =>
            piece.isMatch ? <mark key={at}>{piece.text}</mark> : piece.text,
          )}
        </span>
      ))}
    </div>
  );
}

/** In the reader's zone, to the millisecond. */
function prefixOf({ at, pod }: LogLine, hasTimes: boolean, hasPods: boolean): string {
  const time = hasTimes ? `${at === undefined ? ' '.repeat(12) : clockOf(at)} ` : '';
  return `${time}${hasPods && pod !== '' ? `${pod} ` : ''}`;
}

function clockOf(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}
