// What people do to an Application by the API is told as Events about it, in Argo CD's words (server/application: logAppEvent). Syncs,
// rollbacks and their ends are told where they are put on the Application.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { stringAt } from '../base/json.ts';
import { isKubeObject } from '../kube/parse.ts';
import type { EventReason } from '../operation/application-events.ts';
import type { Hawser } from '../operation/hawser.ts';
import type { Call, Route } from './route.ts';

interface Note {
  readonly reason: EventReason;
  /** Behind the name of whoever did it. */
  readonly text: (call: Call) => string;
}

const ONE = '/api/v1/applications/:name';
const RESOURCE = `${ONE}/resource`;

const UPDATED: Note = { reason: 'ResourceUpdated', text: () => 'updated application spec' };
const CREATE = 'POST /api/v1/applications';

const NOTES: Readonly<Record<string, Note>> = {
  [CREATE]: { reason: 'ResourceCreated', text: () => 'created application' },
  [`PUT ${ONE}`]: UPDATED,
  [`PUT ${ONE}/spec`]: UPDATED,
  [`PATCH ${ONE}`]: UPDATED,
  [`DELETE ${ONE}`]: { reason: 'ResourceDeleted', text: () => 'deleted application' },
  [`POST ${ONE}/commits`]: {
    reason: 'ResourceUpdated',
    text: ({ body }) => `committed a change to branch ${stringAt(body, 'branch')}`,
  },
  [`DELETE ${ONE}/operation`]: { reason: 'ResourceUpdated', text: () => 'terminated running operation' },
  [`POST ${RESOURCE}`]: { reason: 'ResourceUpdated', text: ({ query }) => `patched resource ${objectIn(query)}` },
  [`DELETE ${RESOURCE}`]: { reason: 'ResourceDeleted', text: ({ query }) => `deleted resource ${objectIn(query)}` },
  [`POST ${RESOURCE}/actions`]: {
    reason: 'ResourceActionRan',
    text: ({ query, body }) => `ran action ${String(body)} on resource ${objectIn(query)}`,
  },
  [`POST ${RESOURCE}/actions/v2`]: {
    reason: 'ResourceActionRan',
    text: ({ body }) => `ran action ${stringAt(body, 'action') ?? ''} on resource ${objectIn(body)}`,
  },
};

/** After the route has done it. */
export function noteChange(hawser: Pick<Hawser, 'noted'>, { method, path }: Route, call: Call, result: unknown): void {
  const name = `${method} ${path}`;
  const note = Object.hasOwn(NOTES, name) ? NOTES[name] : undefined;
  if (!note) return;
  const app = name === CREATE ? applicationIn(result) : call.application();
  if (!app) return;
  const user = call.principal.name;
  hawser.noted(app, { reason: note.reason, message: `${user || 'Unknown user'} ${note.text(call)}`, user });
}

function applicationIn(result: unknown): Application | undefined {
  return isKubeObject(result) ? parseApplication(result) : undefined;
}

/** `group/Kind 'name'` */
function objectIn(place: unknown): string {
  const [group, kind, name] = ['group', 'kind', 'resourceName'].map((key) => stringAt(place, key) ?? '');
  return `${group}/${kind} '${name}'`;
}
