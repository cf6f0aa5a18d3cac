// What went wrong with a call, as people are told it.

interface Details {
  /** HTTP; 0 where the server could not be reached. */
  readonly status: number;
  readonly message: string;
  /** What one can do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export class ApiError extends Error {
  readonly status: number;
  readonly hint: string | undefined;

  constructor({ status, message, hint, cause }: Details) {
    super(message, { cause });
    this.name = 'ApiError';
    this.status = status;
    this.hint = hint;
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

/** Of an answer that is a failure. */
export async function readError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const { status } = response;
  try {
    const { message, error, hint } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return new ApiError({
      status,
      message: String(message ?? error ?? text),
      hint: typeof hint === 'string' ? hint : undefined,
    });
  } catch {
    return new ApiError({ status, message: text.slice(0, 2_000) || response.statusText });
  }
}
