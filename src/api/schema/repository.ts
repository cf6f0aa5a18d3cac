// Repositories, credentials and what repositories hold, as Argo CD's API shows them: without anything secret.

import * as z from 'zod';
import { CREDENTIAL_KINDS } from '../../application/repository-shape.ts';

/** hawser's own: of what kinds the credentials are, which nobody is shown. */
const credentials = z.array(z.enum(CREDENTIAL_KINDS)).optional();

export const connectionStateSchema = z.object({
  status: z.enum(['Successful', 'Failed', 'Unknown']),
  message: z.string(),
  attemptedAt: z.string().nullable(),
});

export const repositorySchema = z.looseObject({
  repo: z.string(),
  type: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
  project: z.string().optional(),
  insecure: z.boolean().optional(),
  enableLfs: z.boolean().optional(),
  enableOCI: z.boolean().optional(),
  forceHttpBasicAuth: z.boolean().optional(),
  proxy: z.string().optional(),
  noProxy: z.string().optional(),
  inheritedCreds: z.boolean().optional(),
  credentials,
  connectionState: connectionStateSchema,
});

export const credentialsSchema = z.looseObject({
  url: z.string(),
  username: z.string().optional(),
  type: z.string().optional(),
  enableOCI: z.boolean().optional(),
  credentials,
});
