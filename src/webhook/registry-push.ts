// What a registry's webhook has told becomes a push of an artifact.

import { type ArtifactPush, pushKey } from '../operation/push.ts';
import type { ParsedDelivery } from './provider.ts';

export async function parsedArtifact({
  pusher,
  ...facts
}: Omit<ArtifactPush, 'kind' | 'key' | 'pusher'> & { readonly pusher: string }): Promise<ParsedDelivery> {
  const key = await pushKey(facts.provider, facts.repository, facts.deliveryId, facts.tag);
  return { pushes: [{ kind: 'artifact', key, ...facts, ...(pusher && { pusher }) }] };
}
