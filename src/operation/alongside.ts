// `hawser serve --alongside`: an Argo CD works in the same namespace, and hawser only compares. Nothing of what it finds is written to the
// Applications, and nothing to what they have made: the API server sees dry runs. What hawser would have written into an Application's status is
// kept here, and laid over the object for whoever reads it through hawser. Its own records (the pushes received, Leases) are written as ever.

import type { Condition, ConditionType } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { applyJsonPatch } from '../base/json-patch.ts';
import { applyMergePatch } from '../base/merge-patch.ts';
import type { ClusterTransport, Platform } from '../platform.ts';
import { isWrite, nameInBody, type Target, targetOf } from './beside-argo-cd.ts';
import { formatTime } from './road.ts';

type Body = Record<string, unknown>;

/** For people, wherever something is refused. */
export const ONLY_COMPARES = 'hawser only compares here (--alongside): Argo CD applies';

/** Every Application has this condition that is read through such a hawser. */
const CONDITION: ConditionType = 'HawserAlongside';

type Compared = Pick<Platform, 'home' | 'inCluster' | 'connectCluster' | 'namedClusters' | 'settings' | 'clock'>;

/** The same platform, through which nothing is written but hawser's own records. */
export function comparingOnly<P extends Compared>(platform: P): P {
  const { home, connectCluster, namedClusters, settings } = platform;
  return {
    ...platform,
    home: overlaid(readOnly(home, settings.namespace), home, platform.clock.now()),
    ...(platform.inCluster && { inCluster: readOnly(platform.inCluster) }),
    ...(connectCluster && { connectCluster: (connection) => readOnly(connectCluster(connection)) }),
    ...(namedClusters && {
      namedClusters: namedClusters.map(({ name, transport }) => ({ name, transport: readOnly(transport) })),
    }),
  };
}

/** `ownNamespace`: where hawser's records are. */
function readOnly(cluster: ClusterTransport, ownNamespace?: string): ClusterTransport {
  return {
    ...cluster,
    fetch: async (path, init = {}) => {
      if (!isWrite(path, init)) return cluster.fetch(path, init);
      const target = targetOf(path);
      if (target && (isQuestion(target) || isOwnRecord(target, path, init, ownNamespace))) {
        return cluster.fetch(path, init);
      }
      return refusal(403, 'Forbidden', ONLY_COMPARES);
    },
  };
}

/** A review is created, and nothing is stored. */
function isQuestion({ group }: Target): boolean {
  return group === 'authorization.k8s.io' || group === 'authentication.k8s.io';
}

const OWN_SECRETS = /^(hawser-.*|argocd-secret|argocd-initial-admin-secret)$/;

function isOwnRecord(target: Target, path: string, init: RequestInit, ownNamespace: string | undefined): boolean {
  const { group, resource, namespace } = target;
  if (ownNamespace === undefined) return false;
  const name = target.name || nameInBody(init.body);
  if (group === 'admissionregistration.k8s.io') return name === `hawser-${ownNamespace}`;
  if (namespace !== ownNamespace) return false;
  if (group === 'coordination.k8s.io' && resource === 'leases') return true;
  if (group !== '') return false;
  if (resource === 'secrets') return OWN_SECRETS.test(name);
  // Old records of pushes are dropped by their label.
  if (resource === 'configmaps') return name.startsWith('hawser-') || /labelSelector=hawser\.dev/.test(path);
  return false;
}

/** What hawser would have written into Applications' status, laid over what they are. */
function overlaid(cluster: ClusterTransport, home: ClusterTransport, startedMs: number): ClusterTransport {
  const statuses = new Map<string, Body>();

  function lay(object: unknown): unknown {
    if (!isObject(object) || !isObject(object.metadata)) return object;
    // Operations are Argo CD's to carry out.
    const { operation: _, status, ...rest } = object;
    const theirs = isObject(status) ? status : {};
    const ours = statuses.get(keyOf(object)) ?? withoutRunning(theirs);
    const conditions = (Array.isArray(ours.conditions) ? ours.conditions : []).filter(
      (condition) => stringAt(condition, 'type') !== CONDITION,
    );
    return { ...rest, status: { ...ours, conditions: [...conditions, tell(theirs)] } };
  }

  async function patch(path: string, init: RequestInit): Promise<Response> {
    const [where = path] = path.split('?');
    const response = await home.fetch(where, { ...(init.signal && { signal: init.signal }) });
    if (!response.ok) return response;
    const before = lay(await response.json());
    const after = patched(before, init);
    if (!isObject(before) || !isObject(after)) return refusal(422, 'Invalid', 'the patch does not fit the Application');
    if (!isStatusAlone(before, after)) return refusal(403, 'Forbidden', ONLY_COMPARES);
    if (isObject(after.status)) statuses.set(keyOf(after), after.status);
    return Response.json(lay(after));
  }

  return {
    ...cluster,
    fetch: async (path, init = {}) => {
      const target = targetOf(path);
      if (target?.group !== 'argoproj.io' || target.resource !== 'applications') return cluster.fetch(path, init);
      if (isWrite(path, init)) return init.method === 'PATCH' ? patch(path, init) : cluster.fetch(path, init);
      const response = await cluster.fetch(path, init);
      const isPartial = new Headers(init.headers).get('accept')?.includes('PartialObjectMetadata') ?? false;
      if (!response.ok || isPartial) return response;
      if (/[?&]watch=(true|1)/.test(path)) return laidOverLines(response, lay);
      const body: unknown = await response.json();
      const isList = isObject(body) && Array.isArray(body.items);
      return Response.json(isList ? { ...body, items: (body.items as unknown[]).map(lay) } : lay(body));
    },
  };

  /** In the API and on the pages: whose words these are, and what Argo CD itself says. */
  function tell(theirs: Body): Condition {
    const sync = stringAt(theirs, 'sync', 'status') ?? 'nothing yet';
    const health = stringAt(theirs, 'health', 'status');
    const message = `${ONLY_COMPARES}, and says ${[sync, health].filter(Boolean).join(', ')}`;
    return { type: CONDITION, message, lastTransitionTime: formatTime(startedMs) };
  }
}

function patched(document: unknown, { body, headers }: RequestInit): unknown {
  const patch: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
  if (!new Headers(headers).get('content-type')?.includes('json-patch')) return applyMergePatch(document, patch);
  try {
    return applyJsonPatch(document, patch);
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

function isStatusAlone(before: Body, after: Body): boolean {
  const { status: _, ...rest } = before;
  const { status: __, ...changed } = after;
  return isEqualJson(rest, changed);
}

/** One that Argo CD carries out is not to be gone on with. */
function withoutRunning(status: Body): Body {
  const phase = stringAt(status, 'operationState', 'phase');
  if (phase !== 'Running' && phase !== 'Terminating') return status;
  const { operationState: _, ...rest } = status;
  return rest;
}

function keyOf(object: Body): string {
  return `${stringAt(object, 'metadata', 'namespace')}/${stringAt(object, 'metadata', 'name')}/${stringAt(object, 'metadata', 'uid')}`;
}

/** A watch is a line of JSON each. */
function laidOverLines(response: Response, lay: (object: unknown) => unknown): Response {
  let rest = '';
  const lines = new TransformStream<string, string>({
    transform: (text, controller) => {
      const parts = `${rest}${text}`.split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) controller.enqueue(`${layLine(line)}\n`);
    },
  });
  const layLine = (line: string) => {
    if (line === '') return line;
    const event: unknown = JSON.parse(line);
    const isOfObject = isObject(event) && ['ADDED', 'MODIFIED', 'DELETED'].includes(String(event.type));
    return isOfObject ? JSON.stringify({ ...event, object: lay(event.object) }) : line;
  };
  const body = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(lines)
    .pipeThrough(new TextEncoderStream());
  return new Response(body ?? null, { status: response.status, headers: { 'content-type': 'application/json' } });
}

function refusal(code: number, reason: string, message: string): Response {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code };
  return Response.json(status, { status: code });
}
