// Runs policies.jsonl of the sync corpus: sync windows, retry backoff and the length of the history.

import { appendHistory } from '../../../src/application/history.ts';
import { parseApplication } from '../../../src/application/parse.ts';
import { retryWaitMs } from '../../../src/application/retry.ts';
import { matchingWindows, parseSyncWindows, windowVerdict } from '../../../src/application/sync-window.ts';
import type { Retry } from '../../../src/application/types.ts';
import { messageOf } from '../../../src/base/errors.ts';
import { at, isObject, stringAt } from '../../../src/base/json.ts';
import type { Case } from '../layer.ts';

export function runPolicy(entry: Case): string | undefined {
  switch (entry.op) {
    case 'canSync':
      return checkVerdict(entry);
    case 'matches': {
      const app = parseApplication({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: stringAt(entry, 'app', 'name') ?? '' },
        spec: { destination: at(entry, 'app', 'destination') },
      });
      return differ(entry.expect, matchingWindows(parseSyncWindows(entry.windows), app).length > 0);
    }
    case 'nextRetryAt':
      return checkRetry(entry);
    case 'historyTrunc': {
      const ids = Array.isArray(entry.ids) ? entry.ids.map(Number) : [];
      const entries = ids.map((id) => ({ id, deployedAt: '' }));
      // The last one is what a sync appends.
      const kept = appendHistory(entries.slice(0, -1), { deployedAt: '' }, Number(entry.limit));
      return differ(
        entry.expect,
        kept.map(({ id }) => id),
      );
    }
    default:
      return `unknown op ${String(entry.op)}`;
  }
}

function checkVerdict(entry: Case): string | undefined {
  const verdict = windowVerdict({
    windows: parseSyncWindows(entry.windows),
    now: Date.parse(String(entry.at)),
    isManual: entry.manual === true,
  });
  const isError = entry.error !== undefined;
  return differ(entry.expect, verdict.allowed) ?? (isError ? differ(entry.error, verdict.reason) : undefined);
}

function checkRetry(entry: Case): string | undefined {
  const retry: Retry = isObject(entry.retry) ? entry.retry : {};
  try {
    return differ(entry.waitSeconds, retryWaitMs(retry, Number(entry.retryCount)) / 1000);
  } catch (error) {
    return differ(entry.error, messageOf(error));
  }
}

function differ(expected: unknown, found: unknown): string | undefined {
  const [wanted, got] = [JSON.stringify(expected), JSON.stringify(found)];
  return wanted === got ? undefined : `expected ${wanted}, got ${got}`;
}
