// The one error type: data with a code, a place and a hint, from which HTTP status and exit code follow.

/** Every way in which hawser fails, and the HTTP status and exit code that each means. */
const CODES = {
  /** Something a user wrote (a flag, a body, a spec) is not of the form that it must have. */
  InvalidInput: { status: 400, exit: 2 },
  Unauthenticated: { status: 401, exit: 2 },
  Forbidden: { status: 403, exit: 2 },
  NotFound: { status: 404, exit: 2 },
  MethodNotAllowed: { status: 405, exit: 2 },
  Conflict: { status: 409, exit: 1 },
  AlreadyExists: { status: 409, exit: 1 },
  /** What is asked for is of the right form, but something about its object forbids it now. */
  FailedPrecondition: { status: 400, exit: 1 },
  TooLarge: { status: 413, exit: 1 },
  UnsupportedMediaType: { status: 415, exit: 2 },
  TooMany: { status: 429, exit: 1 },
  /** A service that is needed (cluster, Git server) does not answer or is full. */
  Unavailable: { status: 503, exit: 1 },
  Timeout: { status: 504, exit: 1 },
  /** The runtime at hand cannot do it (a client certificate for Git in workerd, say). */
  Unsupported: { status: 501, exit: 1 },
  /** A template, chart, kustomization or manifest cannot be rendered. */
  RenderFailed: { status: 422, exit: 1 },
  /** A limit against hostile input was reached; the message names it. */
  LimitExceeded: { status: 422, exit: 1 },
  /** A path leads out of the repository. */
  PathEscapes: { status: 422, exit: 1 },
  /** The Git server refused or answered something that is no Git. */
  GitFailed: { status: 502, exit: 1 },
  /** The Git server wants (other) credentials. */
  GitUnauthorized: { status: 502, exit: 1 },
  /** A chart repository or registry refused or answered something that is none. */
  ChartFailed: { status: 502, exit: 1 },
  /** A chart repository or registry wants (other) credentials. */
  ChartUnauthorized: { status: 502, exit: 1 },
  RevisionNotFound: { status: 422, exit: 1 },
  /** The API server answered with an error; `data.status` and `data.reason` hold its own. */
  ClusterRefused: { status: 502, exit: 1 },
  Internal: { status: 500, exit: 70 },
} as const satisfies Record<string, { status: number; exit: number }>;

export type ErrorCode = keyof typeof CODES;

/** Where in a file something is wrong; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetails {
  readonly place?: Place;
  /** What the reader can do about it: one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Structured facts for programs. Never a secret. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The only error that hawser's own code throws on purpose. Messages never hold a secret. */
export class HawserError extends Error {
  override readonly name = 'HawserError';
  readonly code: ErrorCode;
  readonly place: Place | undefined;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.place = details.place;
    this.hint = details.hint;
    this.data = details.data ?? {};
  }
}

export function httpStatusOf(error: unknown): number {
  return error instanceof HawserError ? CODES[error.code].status : 500;
}

export function exitCodeOf(error: unknown): number {
  return error instanceof HawserError ? CODES[error.code].exit : 70;
}

export function isHawserError(error: unknown, code?: ErrorCode): error is HawserError {
  return error instanceof HawserError && (code === undefined || error.code === code);
}

/** The text of anything that was thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One line: `file:line:column: message. hint`. */
export function formatError(error: unknown): string {
  if (!(error instanceof HawserError)) return messageOf(error);
  const { place, hint } = error;
  const where = place
    ? `${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}: `
    : '';
  return `${where}${error.message}${hint ? ` (${hint})` : ''}`;
}
