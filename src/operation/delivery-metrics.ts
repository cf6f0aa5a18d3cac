// What pushes came to, in numbers.

import type { Platform } from '../platform.ts';
import type { UnfinishedDelivery } from './deliver.ts';
import { shownRepository, type Verdict } from './push.ts';

/** Of a delivery that is done. */
export function countDelivery(
  { metrics, clock }: Pick<Platform, 'metrics' | 'clock'>,
  { push, receivedAt }: UnfinishedDelivery,
  verdicts: readonly Verdict[],
): void {
  if (!metrics) return;
  const { provider } = push;
  for (const { verdict } of verdicts) {
    metrics.count('hawser_deliveries_total', { provider, verdict });
    // Argo CD then puts what it had rendered under the new commit; here the kept read set has told the same without that.
    if (verdict === 'unaffected') {
      const repo = shownRepository(push);
      metrics.count('argocd_webhook_store_cache_attempts_total', { repo, successful: 'true' });
    }
  }
  const seconds = (clock.now() - Date.parse(receivedAt)) / 1_000;
  if (verdicts.some(({ verdict }) => verdict === 'sync') && seconds >= 0) {
    metrics.observe('hawser_push_to_synced_seconds', { provider }, seconds);
  }
}
