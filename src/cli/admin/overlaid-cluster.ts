// A cluster as it would be with the objects of an import in it: reads find them, and nothing can be written. What is told before an import
// comes from hawser itself over such a cluster.

import { isObject } from '../../base/json.ts';
import { formatKey, groupOf, type KubeObject, keyOf, type ObjectKey } from '../../kube/object.ts';
import type { ClusterTransport } from '../../platform.ts';

const KINDS: Readonly<Record<string, Pick<ObjectKey, 'group' | 'kind'>>> = {
  '/configmaps': { group: '', kind: 'ConfigMap' },
  '/secrets': { group: '', kind: 'Secret' },
  'argoproj.io/appprojects': { group: 'argoproj.io', kind: 'AppProject' },
  'argoproj.io/applications': { group: 'argoproj.io', kind: 'Application' },
  'argoproj.io/applicationsets': { group: 'argoproj.io', kind: 'ApplicationSet' },
};

const PLACE =
  /^\/(?:api\/v1|apis\/(?<group>[^/]+)\/[^/]+)\/namespaces\/(?<namespace>[^/]+)\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?$/;

export function overlayCluster(cluster: ClusterTransport, objects: readonly KubeObject[]): ClusterTransport {
  const overlay = new Map(objects.map((object) => [formatKey(keyOf(object)), withVersion(object)]));
  return {
    server: cluster.server,
    fetch: async (path, init = {}) => {
      if (isWrite(path, init)) return refuse();
      const { pathname, searchParams } = new URL(path, 'http://cluster');
      const { group = '', namespace = '', plural = '', name } = PLACE.exec(pathname)?.groups ?? {};
      const type = KINDS[`${group}/${plural}`];
      if (!type || (init.method ?? 'GET') !== 'GET') return cluster.fetch(path, init);
      if (name !== undefined) {
        const found = overlay.get(formatKey({ ...type, namespace, name: decodeURIComponent(name) }));
        return found ? Response.json(found) : cluster.fetch(path, init);
      }
      const isOfList = (object: KubeObject) =>
        object.kind === type.kind &&
        groupOf(object.apiVersion) === type.group &&
        object.metadata.namespace === namespace &&
        matchesSelector(searchParams.get('labelSelector') ?? '', object.metadata.labels ?? {});
      const answer = await cluster.fetch(path, init);
      if (!answer.ok) return answer;
      return Response.json(withOverlay(await answer.json(), [...overlay.values()].filter(isOfList)));
    },
  };
}

/** A page of a list with what is laid over it. Of several pages the first one has what is new; names that come again do not matter. */
function withOverlay(list: unknown, objects: readonly KubeObject[]): unknown {
  if (!isObject(list) || !Array.isArray(list.items)) return list;
  const named = new Set(objects.map(({ metadata }) => metadata.name));
  const others = list.items.filter(
    (item) => !(isObject(item) && isObject(item.metadata) && named.has(String(item.metadata.name))),
  );
  return { ...list, items: [...others, ...objects] };
}

/** What the API server adds; an object that is not there yet has an id all the same. */
function withVersion(object: KubeObject): KubeObject {
  const { uid = `import:${formatKey(keyOf(object))}`, resourceVersion = '1' } = object.metadata;
  return { ...object, metadata: { ...object.metadata, uid, resourceVersion } };
}

/** The two forms that hawser asks with: `key=value` and `key in (a,b)`. */
function matchesSelector(selector: string, labels: Readonly<Record<string, string>>): boolean {
  if (selector === '') return true;
  const [, key = '', list] = /^(\S+) in \((.*)\)$/.exec(selector) ?? [];
  if (list !== undefined) return list.split(',').some((value) => labels[key] === value.trim());
  const [name = '', value = ''] = selector.split('=');
  return labels[name] === value;
}

function isWrite(path: string, { method = 'GET' }: RequestInit): boolean {
  return method !== 'GET' && method !== 'HEAD' && !/[?&]dryRun=All(&|$)/.test(path);
}

function refuse(): Response {
  const message = 'nothing is written before the import';
  return Response.json({ kind: 'Status', status: 'Failure', reason: 'Forbidden', message, code: 403 }, { status: 403 });
}
