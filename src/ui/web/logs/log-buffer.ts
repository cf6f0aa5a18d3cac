// The lines of a log that are kept: the newest, up to a bound, each with a number that stays its own.

import { stripAnsi } from './ansi.ts';
import { widthOf } from './log-rows.ts';

export interface LogEntry {
  readonly content: string;
  readonly timeStampStr: string;
  readonly podName: string;
  readonly last: boolean;
}

export interface LogLine {
  /** From 1, in the order they came. */
  readonly number: number;
  readonly text: string;
  /** Without what steers terminals, and how many columns that takes. */
  readonly plain: string;
  readonly width: number;
  /** RFC 3339; none for what no container has written: why there is no log. */
  readonly at: string | undefined;
  readonly pod: string;
}

export interface LogBuffer {
  readonly lines: readonly LogLine[];
  /** How many were let go. */
  readonly dropped: number;
}

export const EMPTY_BUFFER: LogBuffer = { lines: [], dropped: 0 };

/** Go's zero time. */
const NEVER = '0001-01-01';
const TAB = '    ';

/** A new buffer with more lines; `most` are kept. The entry that ends a log without a text is none. */
export function appendLines({ lines, dropped }: LogBuffer, entries: readonly LogEntry[], most: number): LogBuffer {
  const before = dropped + lines.length;
  const added = entries
    .filter(({ last, content }) => !last || content !== '')
    .map(({ content, timeStampStr, podName }, index) => ({
      number: before + index + 1,
      ...shownAs(content.replaceAll('\t', TAB)),
      at: timeStampStr.startsWith(NEVER) || timeStampStr === '' ? undefined : timeStampStr,
      pod: podName,
    }));
  const all = [...lines, ...added];
  const over = Math.max(0, all.length - most);
  return { lines: over > 0 ? all.slice(over) : all, dropped: dropped + over };
}

function shownAs(text: string): Pick<LogLine, 'text' | 'plain' | 'width'> {
  const plain = stripAnsi(text);
  return { text, plain, width: widthOf(plain) };
}
