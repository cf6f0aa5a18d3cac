// Azure DevOps: the service hook `git.push` with HTTP basic authentication (go-playground/webhooks: azuredevops.go). As one secret, in a
// repository's own Secret, it is `user:password`.

import { equalInConstantTime } from '../base/constant-time.ts';
import { deliveryIdOf, type PushFacts, parsedPushes, unsupportedEvent } from './git-push.ts';
import { listOf, record, text } from './payload.ts';
import type { Provider, WebhookSecrets } from './provider.ts';
import { secretAt } from './secret-value.ts';

const USERNAME = 'webhook.azuredevops.username';
const PASSWORD = 'webhook.azuredevops.password';

const readEvent = record({
  id: text,
  eventType: text,
});

const readPush = record({
  resource: record({
    refUpdates: listOf(record({ name: text, oldObjectId: text, newObjectId: text })),
    repository: record({ remoteUrl: text, defaultBranch: text }),
    pushedBy: record({ uniqueName: text }),
  }),
});

/** Events of Azure DevOps that Argo CD reads and that change no ref. */
const IGNORED = /^(git\.pullrequest\.(created|updated|merged)|build\.complete)$/;

export const azureDevops: Provider = {
  name: 'azuredevops',
  secretKeys: [USERNAME, PASSWORD],
  secretsOf: (secrets) => [pairOf(secrets, ''), pairOf(secrets, '.previous')].filter((pair) => pair !== undefined),
  claims: (headers) => Boolean(headers.get('x-vss-activityid')),
  proofProblem: (headers) =>
    basicAuthOf(headers) === undefined ? 'the header authorization holds no basic authentication' : undefined,
  verify: async ({ headers }, secret) => equalInConstantTime(basicAuthOf(headers) ?? '', secret),
  parse: async (headers, payload) => {
    const { id, eventType } = readEvent(payload, '');
    if (IGNORED.test(eventType)) return { ignored: `a ${eventType} event changes no ref` };
    if (eventType !== 'git.push') throw unsupportedEvent('azuredevops', eventType, 'git.push events');
    const { refUpdates, repository, pushedBy } = readPush(payload, '').resource;
    const facts = refUpdates.map(
      ({ name, oldObjectId, newObjectId }): PushFacts => ({
        webUrls: [repository.remoteUrl],
        otherUrls: [],
        ref: name,
        before: oldObjectId,
        after: newObjectId,
        defaultBranch: repository.defaultBranch.replace(/^refs\/heads\//, ''),
        touchesHead: name === repository.defaultBranch, // Both are full refs here.
        pusher: pushedBy.uniqueName,
      }),
    );
    return parsedPushes('azuredevops', deliveryIdOf(id, headers.get('x-vss-activityid')), facts);
  },
};

/** `user:password`; undefined where neither is configured. One of the two may have stayed as it is during rotation. */
function pairOf(secrets: WebhookSecrets, suffix: '' | '.previous'): string | undefined {
  const username = secretAt(secrets, `${USERNAME}${suffix}`);
  const password = secretAt(secrets, `${PASSWORD}${suffix}`);
  if (username === '' && password === '') return undefined;
  return `${username || secretAt(secrets, USERNAME)}:${password || secretAt(secrets, PASSWORD)}`;
}

/** The user and the password, decoded; undefined where the header holds none. */
function basicAuthOf(headers: Headers): string | undefined {
  const encoded = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (encoded === undefined || encoded.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
