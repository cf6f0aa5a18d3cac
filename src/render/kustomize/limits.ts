// The bounds that keep a hostile kustomization from taking the process down: bases that name bases twice each double what there is. Kustomize
// has none.

import { HawserError } from '../../base/errors.ts';

export interface KustomizeLimits {
  /** Kustomizations read, each as often as it is named. */
  readonly kustomizations: number;
  /** Bytes of all files that are read, each as often as it is named. */
  readonly inputBytes: number;
  /** Resources gathered, counted again at each base that they pass. */
  readonly resources: number;
  /** Nodes that copies add: what JSON patches copy, replacements set and parts of texts that they split. */
  readonly copiedNodes: number;
  /**
   * Resources that transformers, patches and replacements look at, and nodes that they go through; it holds also where no clock runs while
   * code does (workerd).
   */
  readonly steps: number;
  /** Characters of the output, and of each text that vars and replacements make. */
  readonly outputLength: number;
  /** How long one build may take; looked at between its steps. */
  readonly buildMs: number;
}

export const DEFAULT_LIMITS: KustomizeLimits = {
  kustomizations: 5_000,
  inputBytes: 256 * 1024 * 1024,
  resources: 500_000,
  copiedNodes: 2_000_000,
  steps: 50_000_000,
  outputLength: 256 * 1024 * 1024,
  buildMs: 60_000,
};

/** What one build has used up. */
export interface BuildBudget {
  /** Throws LimitExceeded where the build has no more of it. */
  spend(limit: Exclude<keyof KustomizeLimits, 'buildMs'>, amount: number): void;
  /** Throws LimitExceeded where the time is over. */
  checkTime(): void;
}

const WHAT: Readonly<Record<keyof KustomizeLimits, string>> = {
  kustomizations: 'kustomizations read',
  inputBytes: 'bytes of files',
  resources: 'resources gathered',
  copiedNodes: 'nodes copied',
  steps: 'steps through resources',
  outputLength: 'characters of output',
  buildMs: 'milliseconds',
};

export function createBudget(limits: Partial<KustomizeLimits>, now: () => number): BuildBudget {
  const all = { ...DEFAULT_LIMITS, ...limits };
  const spent = { kustomizations: 0, inputBytes: 0, resources: 0, copiedNodes: 0, steps: 0, outputLength: 0 };
  const deadline = now() + all.buildMs;
  return {
    spend(limit, amount) {
      spent[limit] += amount;
      if (spent[limit] > all[limit]) throw limitExceeded(limit, all[limit]);
    },
    checkTime() {
      if (now() > deadline) throw limitExceeded('buildMs', all.buildMs);
    },
  };
}

function limitExceeded(limit: keyof KustomizeLimits, bound: number): HawserError {
  return new HawserError('LimitExceeded', `the kustomization takes more than ${bound} ${WHAT[limit]}`, {
    hint: 'look for bases that are named more than once, and for copies of copies',
    data: { limit },
  });
}
