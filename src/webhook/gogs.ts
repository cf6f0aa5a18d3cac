// Gogs. It must be recognised before GitHub: it sends X-GitHub-Event as well.

import { createGogsProvider } from './gogs-family.ts';

export const gogs = createGogsProvider('gogs', ['webhook.gogs.secret']);
