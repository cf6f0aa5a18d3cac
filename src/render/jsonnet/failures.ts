// How a program fails: by what can be seen before it runs, or while it runs, with the way there.

import { formatSpan, type Source, type Span } from './source.ts';

/** A place that calls, and in what: one line of a stack trace. Both may be missing, as go-jsonnet has none for what it makes up. */
export interface Site {
  readonly source?: Source;
  readonly begin: number;
  readonly end: number;
  /** `function <f>`, `thunk <x> from <object <anonymous>>`. */
  readonly context?: string;
  /** Instead of a place in a program: `During evaluation`. */
  readonly message?: string;
}

/** What lexing, parsing and analysis find. */
export class StaticFailure extends Error {
  readonly span: Span | undefined;
  constructor(message: string, span: Span | undefined) {
    super(message);
    this.span = span;
  }

  /** `a.jsonnet:1:2 Unexpected end of file` */
  describe(): string {
    return `${this.span ? formatSpan(this.span) : ''} ${this.message}`;
  }
}

/** What `error` says, and what the operators and the library refuse. */
export class RuntimeFailure extends Error {
  /** From the outermost call to the place that failed. */
  readonly trace: readonly Site[];
  /** A bound of hawser's was reached; nothing is wrong with the program by itself. */
  readonly isLimit: boolean;
  constructor(message: string, trace: readonly Site[], isLimit = false) {
    super(message);
    this.trace = trace;
    this.isLimit = isLimit;
  }
}

export type Failure = StaticFailure | RuntimeFailure;

export function isFailure(error: unknown): error is Failure {
  return error instanceof StaticFailure || error instanceof RuntimeFailure;
}

export interface FailureFormat {
  /** Of a long way, the middle is left out: so many lines stay (20); 0 leaves all. */
  readonly maxTrace?: number;
  /** Below each place of a trace, its lines of the program; what is found before it runs has them anyway. */
  readonly showsCode?: boolean;
}

/** As go-jsonnet's command prints it, with a line feed at its end. */
export function formatFailure(failure: Failure, { maxTrace = 20, showsCode = false }: FailureFormat = {}): string {
  if (failure instanceof StaticFailure) {
    return `${failure.describe()}\n${failure.span ? codeOf(failure.span) : ''}\n`;
  }
  const { trace } = failure;
  const above = Math.floor(maxTrace / 2);
  const below = maxTrace - above;
  let text = `RUNTIME ERROR: ${failure.message}\n`;
  for (let index = 0; index < trace.length; index++) {
    if (showsCode) text += `${'-'.repeat(49)}\n`;
    if (maxTrace > 0 && index >= above && index < trace.length - below) {
      text += showsCode ? `\t... (skipped ${trace.length - above - below} frames)\n` : '\t...\n';
      index = trace.length - below - 1;
      continue;
    }
    const site = trace[trace.length - index - 1];
    if (!site) continue;
    text += `\t${formatSite(site)}\t${site.context ?? ''}\n`;
    if (showsCode) text += `${site.source ? codeOf({ ...site, source: site.source }) : ''}\n`;
  }
  return text;
}

function formatSite({ source, begin, end, message }: Site): string {
  return source ? formatSpan({ source, begin, end }) : (message ?? '');
}

/** The whole lines. */
function codeOf({ source: { text }, begin, end }: Span): string {
  const from = text.lastIndexOf('\n', begin - 1) + 1;
  const to = text.indexOf('\n', end);
  return `\n${text.slice(from, to < 0 ? undefined : to)}\n`;
}
