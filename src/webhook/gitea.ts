// Gitea. It sends Gogs' headers too; its own suffice here, unlike in Argo CD.

import { createGogsProvider } from './gogs-family.ts';

export const gitea = createGogsProvider('gitea', ['webhook.gitea.secret', 'webhook.gogs.secret']);
