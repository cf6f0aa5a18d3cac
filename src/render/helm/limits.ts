// The bounds that keep a hostile chart from taking the process down. Helm's own where it has them.

import { HawserError } from '../../base/errors.ts';

export interface HelmLimits {
  /** All files of a chart archive, unpacked (Helm: MaxDecompressedChartSize). */
  readonly archiveBytes: number;
  /** One file of a chart (Helm: MaxDecompressedFileSize). */
  readonly fileBytes: number;
  /** Charts inside charts. */
  readonly chartDepth: number;
  /** Everything that the templates of one render write. */
  readonly outputBytes: number;
  /** Function calls, loop turns and templates entered by one render; it holds also where no clock runs while code does (workerd). */
  readonly operations: number;
  /** How long the templates of one render may take, by the clock of the environment. */
  readonly renderMs: number;
}

export const DEFAULT_LIMITS: HelmLimits = {
  archiveBytes: 100 * 1024 * 1024,
  fileBytes: 5 * 1024 * 1024,
  chartDepth: 64,
  outputBytes: 256 * 1024 * 1024,
  operations: 10_000_000,
  renderMs: 60_000,
};

export function limitExceeded(limit: keyof HelmLimits, message: string): HawserError {
  return new HawserError('LimitExceeded', message, { data: { limit } });
}
