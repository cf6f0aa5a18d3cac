// Where in a program something is: offsets into its text, and lines and columns once somebody has to be told.

import { byteLength } from '../go/strings.ts';

export interface Source {
  /** What errors call it: the path, or `<extvar:NAME>`, or `<cmdline>`. */
  readonly name: string;
  /** What its imports are relative to; empty for a text that is no file. */
  readonly path: string;
  readonly text: string;
}

export interface Span {
  readonly source: Source;
  /** UTF-16 offsets into the text. */
  readonly begin: number;
  readonly end: number;
}

/** `a.jsonnet:1:2-5`, as go-jsonnet writes it: columns count bytes of UTF-8, and the last one is not of the span any more. */
export function formatSpan({ source, begin, end }: Span): string {
  const prefix = source.name === '' ? '' : `${source.name}:`;
  const from = positionOf(source.text, begin);
  const to = positionOf(source.text, end);
  if (from.line !== to.line) return `${prefix}(${from.line}:${from.column})-(${to.line}:${to.column})`;
  if (from.column === to.column) return `${prefix}${from.line}:${from.column}`;
  return `${prefix}${from.line}:${from.column}-${to.column}`;
}

/** Both from 1. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) {
    line++;
    start = next + 1;
  }
  return { line, column: byteLength(text.slice(start, offset)) + 1 };
}
