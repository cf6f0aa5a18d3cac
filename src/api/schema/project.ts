// AppProjects as Argo CD's API has them; fields that are not named here pass as they are.

import * as z from 'zod';

const kinds = z.array(z.looseObject({ group: z.string(), kind: z.string() })).nullish();

export const syncWindowSchema = z.looseObject({
  kind: z.string().optional(),
  schedule: z.string().optional(),
  duration: z.string().optional(),
  applications: z.array(z.string()).nullish(),
  namespaces: z.array(z.string()).nullish(),
  clusters: z.array(z.string()).nullish(),
  manualSync: z.boolean().optional(),
  timeZone: z.string().optional(),
  andOperator: z.boolean().optional(),
  description: z.string().optional(),
  syncOverrun: z.boolean().optional(),
});

const tokens = z.array(z.looseObject({ iat: z.number(), exp: z.number().optional(), id: z.string().optional() }));

export const projectSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    resourceVersion: z.string().optional(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
    finalizers: z.array(z.string()).nullish(),
  }),
  spec: z
    .looseObject({
      description: z.string().optional(),
      sourceRepos: z.array(z.string()).nullish(),
      destinations: z
        .array(
          z.looseObject({
            server: z.string().optional(),
            name: z.string().optional(),
            namespace: z.string().optional(),
          }),
        )
        .nullish(),
      clusterResourceWhitelist: kinds,
      clusterResourceBlacklist: kinds,
      namespaceResourceWhitelist: kinds,
      namespaceResourceBlacklist: kinds,
      roles: z
        .array(
          z.looseObject({
            name: z.string(),
            description: z.string().nullish(),
            policies: z.array(z.string()).nullish(),
            groups: z.array(z.string()).nullish(),
            jwtTokens: tokens.nullish(),
          }),
        )
        .nullish(),
      signatureKeys: z.array(z.looseObject({ keyID: z.string() })).nullish(),
      orphanedResources: z
        .looseObject({
          warn: z.boolean().nullish(),
          ignore: z
            .array(
              z.looseObject({ group: z.string().nullish(), kind: z.string().nullish(), name: z.string().nullish() }),
            )
            .nullish(),
        })
        .nullish(),
      permitOnlyProjectScopedClusters: z.boolean().optional(),
      syncWindows: z.array(syncWindowSchema).nullish(),
      sourceNamespaces: z.array(z.string()).nullish(),
    })
    .default({}),
  status: z
    .looseObject({ jwtTokensByRole: z.record(z.string(), z.looseObject({ items: tokens.nullish() })).nullish() })
    .nullish(),
});

export type ProjectBody = z.output<typeof projectSchema>;
