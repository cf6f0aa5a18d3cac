// Harbor: the webhook PUSH_ARTIFACT in the default payload format. Its proof is the header Authorization, which is the secret as it
// stands (Argo CD: util/webhook/harbor.go); nothing else in the headers tells Harbor.

import { HawserError } from '../base/errors.ts';
import { deliveryIdOf } from './git-push.ts';
import { listOf, record, text } from './payload.ts';
import type { Provider } from './provider.ts';
import { parsedArtifact } from './registry-push.ts';
import { isToken } from './signature.ts';

const TOKEN = 'authorization';

const readEvent = record({
  type: text,
  operator: text,
  event_data: record({
    resources: listOf(record({ tag: text, resource_url: text })),
    repository: record({ name: text, namespace: text, repo_full_name: text }),
  }),
});

export const harbor: Provider = {
  name: 'harbor',
  secretKeys: ['webhook.harbor.secret'],
  claims: (headers) => Boolean(headers.get(TOKEN)),
  proofProblem: (headers) => (headers.get(TOKEN) ? undefined : `the header ${TOKEN} is missing`),
  verify: (delivery, secret) => isToken(delivery, TOKEN, secret),
  parse: async (_headers, payload) => {
    const { type, operator, event_data: data } = readEvent(payload, '');
    if (type !== 'PUSH_ARTIFACT') return { ignored: `a ${type || 'nameless'} event is no push of an artifact` };
    for (const { tag, resource_url: url } of data.resources) {
      const registry = registryOf(url);
      if (tag === '' || registry === undefined) continue;
      const { name, namespace, repo_full_name: fullName } = data.repository;
      if (fullName === '' && (namespace === '' || name === '')) {
        throw new HawserError('InvalidInput', 'the harbor payload does not name its repository', {
          hint: 'event_data.repository.repo_full_name is missing',
        });
      }
      return parsedArtifact({
        provider: 'harbor',
        deliveryId: deliveryIdOf(),
        repository: `oci://${registry}/${fullName || `${namespace}/${name}`}`,
        tag,
        pusher: operator,
      });
    }
    return { ignored: 'the artifact has no tag' };
  },
};

/** The host of `registry.example.com/project/name:tag`. */
function registryOf(resourceUrl: string): string | undefined {
  const [, host, path] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]+)\/([^?#]*)/i.exec(resourceUrl) ?? [];
  return host && path ? host : undefined;
}
