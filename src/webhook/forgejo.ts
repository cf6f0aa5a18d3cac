// Forgejo. It sends the headers of Gitea and Gogs too; its own suffice here, unlike in Argo CD.

import { createGogsProvider } from './gogs-family.ts';

export const forgejo = createGogsProvider('forgejo', [
  'webhook.forgejo.secret',
  'webhook.gitea.secret',
  'webhook.gogs.secret',
]);
