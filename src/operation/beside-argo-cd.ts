// An Argo CD in the same namespace works on the same Applications: two that write to them undo each other's work, and each other's syncs.
// While its application-controller is ready, hawser writes to none; with `--alongside` it only compares (alongside.ts).

import { HawserError, messageOf } from '../base/errors.ts';
import { at, stringAt } from '../base/json.ts';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Clock, ClusterTransport, Log } from '../platform.ts';

export interface BesideParts {
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What was found counts for so long: one look for all the writes of an operation. */
const REMEMBER_MS = 30_000;

const CONTROLLER = 'application-controller';
const KINDS = ['StatefulSet', 'Deployment'];

/** Argo CD's application-controller, where one is ready in the namespace. */
export async function findReadyController(home: KubeClient, namespace: string): Promise<KubeObject | undefined> {
  for (const kind of KINDS) {
    const { items } = await home.list({ apiVersion: 'apps/v1', kind }, { namespace });
    const found = items.find((object) => isController(object) && readyReplicas(object) > 0);
    if (found) return found;
  }
  return undefined;
}

/** Throws `FailedPrecondition` with what to do while Argo CD's application-controller is ready in the namespace. */
export async function refuseBesideArgoCd(home: KubeClient, namespace: string): Promise<void> {
  const found = await findReadyController(home, namespace);
  if (!found) return;
  const { kind, metadata } = found;
  throw new HawserError(
    'FailedPrecondition',
    `Argo CD works on the Applications of the namespace ${namespace}: its ${kind} ${metadata.name} is ready`,
    {
      hint: `kubectl -n ${namespace} scale ${kind.toLowerCase()} ${metadata.name} --replicas=0 leaves them to hawser; with --alongside hawser only compares`,
    },
  );
}

/** As Argo CD's manifests, its Helm chart and its operator label it. */
function isController({ metadata }: KubeObject): boolean {
  const { name = '', labels = {} } = metadata;
  const isOfArgo = labels['app.kubernetes.io/part-of'] === 'argocd';
  const names = [name, labels['app.kubernetes.io/name'] ?? ''];
  return (
    names.includes(`argocd-${CONTROLLER}`) ||
    (isOfArgo &&
      (labels['app.kubernetes.io/component'] === CONTROLLER || names.some((one) => one.endsWith(CONTROLLER))))
  );
}

function readyReplicas(object: KubeObject): number {
  const ready = at(object, 'status', 'readyReplicas');
  return typeof ready === 'number' ? ready : 0;
}

/** The same cluster, to whose Applications nothing is written while an Argo CD works on them. It may be started at any time. */
export function refusingBesideArgoCd(home: ClusterTransport, { namespace, clock, log }: BesideParts): ClusterTransport {
  const client = createKubeClient(home, { fieldManager: 'hawser' });
  let looked: { readonly look: Promise<void>; readonly atMs: number } | undefined;

  /** Where it cannot be told whether there is one, work goes on. */
  async function look(): Promise<void> {
    try {
      await refuseBesideArgoCd(client, namespace);
    } catch (error) {
      if (isRefusalOfOurs(error)) throw error;
      log.warn('whether an Argo CD works here, too, could not be found out', { reason: messageOf(error) });
    }
  }

  function requireAlone(): Promise<void> {
    const sinceMs = looked ? clock.now() - looked.atMs : Number.POSITIVE_INFINITY;
    if (!looked || sinceMs < 0 || sinceMs > REMEMBER_MS) looked = { look: look(), atMs: clock.now() };
    looked.look.catch(() => undefined); // Whoever writes is told.
    return looked.look;
  }

  return {
    ...home,
    fetch: async (path, init = {}) => {
      if (isWrite(path, init) && path.startsWith('/apis/argoproj.io/')) await requireAlone();
      return home.fetch(path, init);
    },
  };
}

function isRefusalOfOurs(error: unknown): boolean {
  return error instanceof HawserError && error.code === 'FailedPrecondition';
}

/** Something is stored by it. */
export function isWrite(path: string, { method = 'GET' }: RequestInit): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const query = new URLSearchParams(path.slice(path.indexOf('?') + 1));
  return !path.includes('?') || query.get('dryRun') !== 'All';
}

/** What a request is for, as its path says: `/apis/GROUP/VERSION/namespaces/NAMESPACE/RESOURCE/NAME`. */
export interface Target {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  /** '' for all of them. */
  readonly name: string;
}

const PATH = /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?/;

/** undefined for what is no object: `/version`, the discovery. */
export function targetOf(path: string): Target | undefined {
  const [where = ''] = path.split('?');
  const match = PATH.exec(where);
  if (!match) return undefined;
  const [, group = '', namespace = '', resource = '', name = ''] = match.map((part) =>
    part === undefined ? part : decodeURIComponent(part),
  );
  return { group, namespace, resource, name };
}

/** The name in an object's text, for requests whose path does not have it. */
export function nameInBody(body: unknown): string {
  try {
    return typeof body === 'string' ? (stringAt(JSON.parse(body), 'metadata', 'name') ?? '') : '';
  } catch {
    return ''; // No JSON: the API server says what is wrong with it.
  }
}
