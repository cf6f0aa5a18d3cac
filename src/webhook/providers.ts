// The providers in order of detection (Argo CD: util/webhook, NewHandler): a Gogs request carries GitHub's headers too, a Gitea request
// Gogs' and GitHub's, a Forgejo request all of them; Bitbucket Cloud sends the header that Bitbucket Server is known by.

import { azureDevops } from './azure-devops.ts';
import { bitbucket } from './bitbucket.ts';
import { bitbucketServer } from './bitbucket-server.ts';
import { forgejo } from './forgejo.ts';
import { generic } from './generic.ts';
import { ghcr } from './ghcr.ts';
import { gitea } from './gitea.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { gogs } from './gogs.ts';
import { harbor } from './harbor.ts';
import type { Provider } from './provider.ts';

export const PROVIDERS: readonly Provider[] = [
  azureDevops,
  forgejo,
  gitea,
  gogs,
  github,
  gitlab,
  bitbucket,
  bitbucketServer,
  ghcr,
  // Harbor is known by a header that anything may carry, so the signature of a generic sender comes first.
  generic,
  harbor,
];
