// Applications in bodies and answers. Only what is read here is named: unknown fields are kept.

import * as z from 'zod';
import { int64, stringMap } from './values.ts';

export const applicationSource = z.looseObject({
  repoURL: z.string().optional(),
  path: z.string().optional(),
  targetRevision: z.string().optional(),
  chart: z.string().optional(),
  ref: z.string().optional(),
  name: z.string().optional(),
});

export const applicationSpec = z.looseObject({
  project: z.string().optional(),
  source: applicationSource.nullish(),
  sources: z.array(applicationSource).nullish(),
  destination: z
    .looseObject({ server: z.string().optional(), name: z.string().optional(), namespace: z.string().optional() })
    .optional(),
  syncPolicy: z.looseObject({}).nullish(),
});

/** What people write of an Application; apiVersion and kind may be left out, and status and operation have no effect. */
export const applicationBody = z.looseObject({
  metadata: z.looseObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    labels: stringMap.nullish(),
    annotations: stringMap.nullish(),
    finalizers: z.array(z.string()).nullish(),
  }),
  spec: applicationSpec,
});

/** As the cluster has it, without managedFields. */
export const applicationAnswer = applicationBody.extend({
  status: z.looseObject({
    sync: z.looseObject({ status: z.string(), revision: z.string().optional() }).optional(),
    health: z.looseObject({ status: z.string() }).optional(),
    history: z.array(z.looseObject({ id: int64 })).optional(),
    operationState: z.looseObject({ phase: z.string(), message: z.string().optional() }).optional(),
  }),
  operation: z.looseObject({}).optional(),
});

export const applicationListAnswer = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(applicationAnswer),
});
