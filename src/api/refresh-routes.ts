// POST /api/refresh, hawser's own: Applications are compared with Git and the cluster, one, those of a repository, or all.

import * as z from 'zod';
import { HawserError, isHawserError } from '../base/errors.ts';
import type { RefreshRequest } from '../operation/hawser.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';

const refreshBody = z.looseObject({
  application: z.string('must be a string').nullish(),
  appNamespace: z.string('must be a string').nullish(),
  repoURL: z.string('must be a string').nullish(),
  all: z.boolean().nullish(),
  /** Compare with this revision instead of targetRevision. */
  revision: z.string('must be a string').nullish(),
  hard: z.boolean().nullish(),
  /** Answer when what was found is recorded. */
  wait: z.boolean().nullish(),
});

/** Who may do something with this may do it with every Application but those that a policy denies by name. */
const ANY = '*/*';

export function refreshRoutes({ hawser }: ApiParts): readonly Route[] {
  /** Of many, it begins automated syncs. */
  async function requireSyncOfAll(call: Call): Promise<void> {
    call.require('applications', 'sync', ANY);
    if (call.principal.kind === 'machine') return;
    for (const app of await hawser.listApplications()) call.require('applications', 'sync', call.objectOf(app));
  }

  /** Of one, as in Argo CD, it needs no more than reading. */
  async function requireGet(call: Call, name: string, namespace: string | undefined): Promise<void> {
    if (call.principal.kind === 'machine') return;
    const app = await hawser.getApplication(name, namespace).catch((error: unknown) => {
      if (isHawserError(error, 'NotFound') || isHawserError(error, 'Forbidden')) return undefined;
      throw error;
    });
    call.require('applications', 'get', app ? call.objectOf(app) : ANY);
  }

  return [
    route({
      method: 'POST',
      path: '/api/refresh',
      summary: 'Compare Applications with Git and the cluster: one, those of a repository, or all (hawser’s own)',
      need: { kind: 'session' },
      body: refreshBody,
      answer: z.looseObject({ applications: z.array(z.looseObject({})) }),
      status: 202,
      handle: async (call) => {
        const request = parseRefresh(call.body);
        const { application } = request;
        if (application === undefined) await requireSyncOfAll(call);
        else await requireGet(call, application, request.appNamespace);
        return hawser.refresh(request);
      },
    }),
  ];
}

function parseRefresh({
  application,
  appNamespace,
  repoURL,
  all,
  revision,
  hard,
  wait,
}: z.output<typeof refreshBody>): RefreshRequest {
  if (
    [application, repoURL, all || undefined].filter((choice) => choice !== undefined && choice !== null).length !== 1
  ) {
    throw new HawserError('InvalidInput', 'name what to refresh: one of application, repoURL and all', {
      hint: 'for example {"application": "dev"} or {"all": true}',
    });
  }
  return {
    ...(typeof application === 'string' && { application }),
    ...(appNamespace && { appNamespace }),
    ...(typeof repoURL === 'string' && { repoURL }),
    ...(typeof all === 'boolean' && { all }),
    ...(typeof revision === 'string' && { revision }),
    ...(typeof hard === 'boolean' && { hard }),
    ...(typeof wait === 'boolean' && { wait }),
  };
}
