// What is known of an Application before anybody acts: its state in a sentence, and what a sync or a rollback would do.

import * as z from 'zod';
import { type ApiParts, type Route, route } from './route.ts';
import { applicationQuery, int64 } from './schema/values.ts';
import { syncBody, syncRequest } from './sync-body.ts';

const ONE = '/api/v1/applications/:name';

const fieldChange = z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() });

const action = z.enum(['create', 'update', 'delete', 'recreate', 'hook', 'unchanged', 'left']);

/** States are JSON text as in managed-resources, masked; left out where nothing changes. */
const plannedStep = z.object({
  phase: z.enum(['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete']),
  wave: z.number(),
  action,
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  isGenerated: z.boolean().optional(),
  isForFailure: z.boolean().optional(),
  changes: z.array(fieldChange),
  liveState: z.string().optional(),
  targetState: z.string().optional(),
  normalizedLiveState: z.string().optional(),
  predictedLiveState: z.string().optional(),
  needsConfirmation: z.boolean(),
  message: z.string().optional(),
});

const planProblem = z.object({
  code: z.enum([
    'suspended',
    'operationRunning',
    'beingDeleted',
    'automated',
    'windowClosed',
    'condition',
    'refused',
    'invalid',
    'wouldFail',
    'pruningOff',
    'needsConfirmation',
  ]),
  message: z.string(),
  blocks: z.boolean(),
  count: z.number().optional(),
  opensAt: z.string().optional(),
  timeZone: z.string().optional(),
  window: z.string().optional(),
  windowKind: z.enum(['allow', 'deny']).optional(),
  canApprove: z.boolean().optional(),
});

const planAnswer = z.object({
  sentence: z.string(),
  revision: z.string().optional(),
  revisions: z.array(z.string()).optional(),
  counts: z.object({
    create: z.number(),
    update: z.number(),
    delete: z.number(),
    recreate: z.number(),
    hooks: z.number(),
    unchanged: z.number(),
    left: z.number(),
  }),
  steps: z.array(plannedStep),
  problems: z.array(planProblem),
});

const stateAnswer = z.object({
  sentence: z.string(),
  command: z.string().optional(),
  revision: z.string().optional(),
  revisions: z.array(z.string()).optional(),
  commit: z
    .object({ author: z.string(), date: z.string(), message: z.string(), tags: z.array(z.string()).optional() })
    .optional(),
  held: z
    .object({
      opensAt: z.string().optional(),
      timeZone: z.string().optional(),
      window: z.string().optional(),
      windowKind: z.enum(['allow', 'deny']).optional(),
    })
    .optional(),
});

export function planRoutes({ hawser }: ApiParts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: `${ONE}/state`,
      summary: 'What an Application is and what comes next, in one sentence (hawser’s own)',
      need: { kind: 'application', action: 'get' },
      query: z.object({ lang: z.enum(['en', 'ko']).optional(), ...applicationQuery }),
      answer: stateAnswer,
      handle: (call) => hawser.outlook.state(call.application(), call.query.lang ?? 'en'),
    }),
    route({
      method: 'POST',
      path: `${ONE}/plan`,
      summary: 'What a sync or a rollback would do, step by step, without doing it (hawser’s own)',
      // It tells what managed-resources tells to whoever may get the Application: live and target states, masked.
      need: { kind: 'application', action: 'get' },
      body: syncBody.extend({
        /** In place of a sync: an entry of the history; without an id, the one before the newest. */
        rollback: z.looseObject({ id: int64.nullish(), prune: z.boolean().nullish() }).nullish(),
      }),
      answer: planAnswer,
      handle: (call) => {
        const app = call.application();
        const { rollback } = call.body;
        if (rollback) {
          const { id, prune } = rollback;
          const request = { ...(typeof id === 'number' && { id }), prune: prune ?? false };
          return hawser.outlook.plan(app, { rollback: request });
        }
        const sync = syncRequest(app, call.body);
        // Manifests are compared with any object that they name, which reading alone shall not allow.
        if (sync.manifests) call.require('applications', 'sync', call.objectOf(app));
        return hawser.outlook.plan(app, { sync });
      },
    }),
  ];
}
