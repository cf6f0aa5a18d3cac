// GitHub's container registry: the event `package` of a GitHub webhook tells that an image or an OCI chart was published (Argo CD:
// util/webhook/ghcr.go). Signed as GitHub's pushes are, but `sha256=` must be there.

import { deliveryIdOf } from './git-push.ts';
import { record, text } from './payload.ts';
import type { Provider } from './provider.ts';
import { parsedArtifact } from './registry-push.ts';
import { isSignedSha256, signatureProblem } from './signature.ts';

const SIGNATURE = 'x-hub-signature-256';

const readPackage = record({
  action: text,
  package: record({
    name: text,
    package_type: text,
    owner: record({ login: text }),
    package_version: record({ container_metadata: record({ tag: record({ name: text }) }) }),
  }),
  sender: record({ login: text }),
});

export const ghcr: Provider = {
  name: 'ghcr',
  secretKeys: ['webhook.github.secret'],
  claims: (headers) => headers.get('x-github-event') === 'package',
  proofProblem: (headers) => signatureProblem(headers, SIGNATURE, /^sha256=[0-9a-f]{64}$/),
  verify: ({ headers, body }, secret) =>
    isSignedSha256((headers.get(SIGNATURE) ?? '').replace(/^sha256=/, ''), secret, body),
  parse: async (headers, payload) => {
    const { action, package: published, sender } = readPackage(payload, '');
    if (action !== 'published') return { ignored: `the package was ${action || 'not published'}` };
    if (published.package_type.toLowerCase() !== 'container') return { ignored: 'the package is no container image' };
    const tag = published.package_version.container_metadata.tag.name;
    if (tag === '') return { ignored: 'the package has no tag' };
    return parsedArtifact({
      provider: 'ghcr',
      deliveryId: deliveryIdOf(headers.get('x-github-delivery')),
      repository: `oci://ghcr.io/${published.owner.login}/${published.name}`,
      tag,
      pusher: sender.login,
    });
  },
};
