// Clusters as Argo CD's API has them; what they are reached with is taken and never shown.

import * as z from 'zod';
import { connectionStateSchema } from './repository.ts';

const settings = {
  name: z.string().optional(),
  config: z.looseObject({}).nullish(),
  namespaces: z.array(z.string()).nullish(),
  clusterResources: z.boolean().nullish(),
  project: z.string().nullish(),
  shard: z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]).nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
};

export const clusterBodySchema = z.looseObject({ server: z.string().optional(), ...settings });

export type ClusterBody = z.output<typeof clusterBodySchema>;

export const clusterSchema = z.looseObject({
  server: z.string(),
  ...settings,
  serverVersion: z.string().optional(),
  connectionState: connectionStateSchema.optional(),
  info: z
    .looseObject({
      connectionState: connectionStateSchema,
      serverVersion: z.string().optional(),
      /** The kinds that it serves; absent where it does not tell. */
      cacheInfo: z.object({ apisCount: z.int().optional() }),
      applicationsCount: z.int(),
    })
    .optional(),
});
