// How traffic comes to an object, and where it leads on: what draws the network view (Argo CD: controller/cache/info.go).

import { at, isObject, stringAt } from '../../base/json.ts';
import { groupOf, type KubeObject, versionOf } from '../../kube/object.ts';

/** Argo CD: `v1alpha1.ResourceNetworkingInfo`. */
export interface NetworkingInfo {
  readonly targetLabels?: Readonly<Record<string, string>>;
  readonly targetRefs?: readonly TargetRef[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly ingress?: readonly Address[];
  readonly externalURLs?: readonly string[];
}

interface Address {
  readonly hostname?: string;
  readonly ip?: string;
}

interface TargetRef {
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const LINK = 'link.argocd.argoproj.io/';
const IGNORE_DEFAULT_LINKS = 'argocd.argoproj.io/ignore-default-links';
const GATEWAY = 'gateway.networking.k8s.io';
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'];

type Fields = Record<string, unknown>;

/** undefined for what has to do with no traffic and names no link. */
export function networkingInfo(object: KubeObject): NetworkingInfo | undefined {
  const links = linksOf(object);
  const found = trafficOf(object);
  if (!found) return links.length > 0 ? { externalURLs: links } : undefined;
  const { targetLabels, targetRefs, labels, ingress, externalURLs = [] } = found;
  const urls = [...links, ...externalURLs];
  return {
    ...(targetLabels && Object.keys(targetLabels).length > 0 && { targetLabels }),
    ...(targetRefs && targetRefs.length > 0 && { targetRefs }),
    ...(labels && Object.keys(labels).length > 0 && { labels }),
    ...(ingress && ingress.length > 0 && { ingress }),
    ...(urls.length > 0 && { externalURLs: urls }),
  };
}

function trafficOf(object: KubeObject): NetworkingInfo | undefined {
  const group = groupOf(object.apiVersion);
  switch (`${group}/${object.kind}`) {
    case '/Pod':
      return { labels: object.metadata.labels ?? {} };
    case '/Service':
      return serviceInfo(object);
    case 'extensions/Ingress':
    case 'networking.k8s.io/Ingress':
      return ingressInfo(object);
    case 'networking.istio.io/VirtualService':
      return { targetRefs: virtualServiceTargets(object) };
    case 'networking.istio.io/ServiceEntry':
      return serviceEntryInfo(object);
    case `${GATEWAY}/Gateway`:
      return gatewayInfo(object);
    default:
      return group === GATEWAY && ROUTES.includes(object.kind) ? { targetRefs: routeTargets(object) } : undefined;
  }
}

/** `link.argocd.argoproj.io/…` annotations: an address, or `title|address`. Whatever is no web address is left out. */
function linksOf({ metadata }: KubeObject): readonly string[] {
  return Object.entries(metadata.annotations ?? {}).flatMap(([name, text]) => {
    if (!name.startsWith(LINK)) return [];
    const bar = text.indexOf('|');
    return isWebAddress(bar < 0 ? text : text.slice(bar + 1)) ? [text] : [];
  });
}

function isWebAddress(text: string): boolean {
  return text === '' || /^https?:/i.test(text.trim());
}

function serviceInfo(service: KubeObject): NetworkingInfo {
  const isBalanced = stringAt(service, 'spec', 'type') === 'LoadBalancer';
  return {
    targetLabels: textsAt(service, 'spec', 'selector'),
    ingress: isBalanced ? addressesOf(service) : [],
  };
}

function addressesOf(object: KubeObject): readonly Address[] {
  return listAt(object, 'status', 'loadBalancer', 'ingress').flatMap(({ hostname, ip }): readonly Address[] => {
    if (hostname) return [{ hostname: String(hostname) }];
    return ip ? [{ ip: String(ip) }] : [];
  });
}

function ingressInfo(object: KubeObject): NetworkingInfo {
  const ingress = addressesOf(object);
  const targets = new Map<string, TargetRef>();
  const addTarget = (backend: unknown) => {
    const name = serviceOf(backend, object);
    if (name) targets.set(name, { kind: 'Service', ...placeOf(object), name });
  };
  addTarget(at(object, 'spec', 'defaultBackend') ?? at(object, 'spec', 'backend'));
  const urls = new Set<string>();
  for (const rule of listAt(object, 'spec', 'rules')) {
    const [first] = ingress;
    const host = stringAt(rule, 'host') || first?.hostname || first?.ip || '';
    for (const path of listAt(rule, 'http', 'paths')) {
      addTarget(path.backend);
      if (host === '') continue;
      urls.add(`${schemeOf(object, host)}://${host}${(stringAt(path, 'path') ?? '').replace(/\*$/, '')}`);
    }
  }
  return {
    targetRefs: [...targets.values()],
    ingress,
    externalURLs: hasOwnLinksOnly(object) ? [] : [...urls],
  };
}

function serviceOf(backend: unknown, { apiVersion }: KubeObject): string | undefined {
  if (groupOf(apiVersion) === 'networking.k8s.io' && versionOf(apiVersion) === 'v1') {
    return stringAt(backend, 'service', 'name');
  }
  return stringAt(backend, 'serviceName');
}

/** HTTPS with a certificate for all hosts, or for this one. */
function schemeOf(object: KubeObject, host: string): 'http' | 'https' {
  const isSecure = listAt(object, 'spec', 'tls').some(({ secretName, hosts }) => {
    return secretName !== undefined || (Array.isArray(hosts) && hosts.includes(host));
  });
  return isSecure ? 'https' : 'http';
}

function hasOwnLinksOnly({ metadata }: KubeObject): boolean {
  return /^(1|t|true)$/i.test(metadata.annotations?.[IGNORE_DEFAULT_LINKS] ?? '');
}

function virtualServiceTargets(object: KubeObject): readonly TargetRef[] {
  const hosts = listAt(object, 'spec', 'http')
    .flatMap((rule) => listAt(rule, 'route'))
    .flatMap((route) => stringAt(route, 'destination', 'host') ?? []);
  return [...new Set(hosts)].map((host) => {
    const [name = '', namespace] = host.split('.');
    const place = namespace ? { namespace } : placeOf(object);
    return { kind: 'Service', ...place, name };
  });
}

function serviceEntryInfo(object: KubeObject): NetworkingInfo | undefined {
  const targetLabels = textsAt(object, 'spec', 'workloadSelector', 'labels');
  if (Object.keys(targetLabels).length === 0) return undefined;
  return { targetLabels, targetRefs: [{ kind: 'Pod', name: '' }] };
}

function gatewayInfo(object: KubeObject): NetworkingInfo {
  const ingress = listAt(object, 'status', 'addresses').flatMap(({ type, value }): readonly Address[] => {
    if (typeof value !== 'string' || value === '') return [];
    if (type === 'Hostname') return [{ hostname: value }];
    return type === undefined || type === '' || type === 'IPAddress' ? [{ ip: value }] : [];
  });
  if (hasOwnLinksOnly(object)) return { ingress };
  const urls = listAt(object, 'spec', 'listeners').flatMap(({ hostname, protocol, port }) => {
    const scheme = protocol === 'HTTPS' || protocol === 'TLS' ? 'https' : 'http';
    const isUsual = port === (scheme === 'https' ? 443 : 80);
    const isNamed = typeof hostname === 'string' && hostname !== '' && hostname !== '*';
    const hosts = isNamed ? [hostname] : ingress.map((address) => address.hostname ?? address.ip);
    return hosts.map((host) => `${scheme}://${host}${isUsual ? '' : `:${Number(port ?? 0)}`}`);
  });
  return { ingress, externalURLs: [...new Set(urls)] };
}

function routeTargets(object: KubeObject): readonly TargetRef[] {
  const parents = listAt(object, 'spec', 'parentRefs').map((ref) => ({ ref, group: GATEWAY, kind: 'Gateway' }));
  const backends = listAt(object, 'spec', 'rules')
    .flatMap((rule) => listAt(rule, 'backendRefs'))
    .map((ref) => ({ ref, group: '', kind: 'Service' }));
  const targets = new Map<string, TargetRef>();
  for (const { ref, group, kind } of [...parents, ...backends]) {
    const name = stringAt(ref, 'name');
    if (!name) continue;
    const ofGroup = stringAt(ref, 'group') || group;
    const namespace = stringAt(ref, 'namespace') || object.metadata.namespace;
    const target = {
      ...(ofGroup && { group: ofGroup }),
      kind: stringAt(ref, 'kind') || kind,
      ...(namespace && { namespace }),
      name,
    };
    targets.set(JSON.stringify(target), target);
  }
  return [...targets.values()];
}

function placeOf({ metadata }: KubeObject): { namespace?: string } {
  return metadata.namespace ? { namespace: metadata.namespace } : {};
}

function textsAt(value: unknown, ...path: readonly string[]): Record<string, string> {
  const found = at(value, ...path);
  return isObject(found) ? Object.fromEntries(Object.entries(found).map(([name, text]) => [name, String(text)])) : {};
}

function listAt(value: unknown, ...path: readonly string[]): Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}
