// How queries name one of an Application's objects, and how trees, events and logs are answered.

import * as z from 'zod';
import type { ResourceQuery } from '../../operation/tree/find-live.ts';
import { applicationQuery } from './values.ts';

/** Argo CD's clients leave out what they do not know, or send it empty. */
const text = z.string().default('');

export const resourceQuery = {
  namespace: text,
  resourceName: text,
  version: text,
  group: text,
  kind: text,
  ...applicationQuery,
};

interface Named {
  readonly namespace: string;
  readonly resourceName: string;
  readonly version: string;
  readonly group: string;
  readonly kind: string;
}

export function resourceOf({ resourceName: name, namespace, version, group, kind }: Named): ResourceQuery {
  return { group, version, kind, namespace, name };
}

const ref = {
  group: z.string().optional(),
  version: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string().optional(),
};

const node = z.looseObject({
  ...ref,
  parentRefs: z.array(z.looseObject(ref)).optional(),
  info: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  networkingInfo: z.looseObject({}).optional(),
  resourceVersion: z.string().optional(),
  images: z.array(z.string()).optional(),
  health: z.object({ status: z.string(), message: z.string().optional() }).optional(),
  createdAt: z.string().optional(),
});

export const treeAnswer = z.object({
  nodes: z.array(node),
  orphanedNodes: z.array(node),
  hosts: z.array(z.looseObject({ name: z.string() })),
  shardsCount: z.int(),
});

/** JSON as text. */
export const manifestAnswer = z.object({ manifest: z.string() });

export const actionsAnswer = z.object({
  actions: z.array(
    z.looseObject({
      name: z.string(),
      disabled: z.boolean().optional(),
      displayName: z.string().optional(),
      iconClass: z.string().optional(),
      params: z.array(z.looseObject({ name: z.string() })).optional(),
    }),
  ),
});

export const eventsAnswer = z.object({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  items: z.array(z.looseObject({})),
});

export const logAnswer = z.object({
  result: z.object({
    content: z.string(),
    timeStamp: z.string().nullable(),
    timeStampStr: z.string(),
    last: z.boolean(),
    podName: z.string(),
  }),
});
