// The value of a key of argocd-secret, which may name another key: `$key` (Argo CD: util/settings, ReplaceStringSecret).

import type { WebhookSecrets } from './provider.ts';

/** Empty where nothing is configured. A reference to a key that is not there stands for itself, as in Argo CD. */
export function secretAt(secrets: WebhookSecrets, key: string): string {
  const value = secrets[key] ?? '';
  if (!value.startsWith('$')) return value;
  return secrets[value.slice(1)]?.trim() ?? value;
}
