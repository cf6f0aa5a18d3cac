// What the API server warns of in a Pod or a template of Pods: it takes the object, but something in it has no effect or will bite.
//
// Source: k8s.io/kubernetes, pkg/api/pod/warnings.go, pkg/api/node/util.go, and the strategies of each kind in pkg/registry.

import { at } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { parseQuantity } from '../../typed/quantity.ts';
import { labelProblems, labelValueProblems } from '../validation/names.ts';
import { type Obj, objectOf, objectsOf } from '../validation/value.ts';

const NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};
const ANNOTATIONS: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};
const WHOLE = ['memory', 'ephemeral-storage'];
const NULL_SELECTOR = 'a null labelSelector results in matching no pod';

/** Warnings of a kind whose Pods are made from `spec.template`. */
export function workloadWarnings(object: KubeObject, live?: KubeObject): string[] {
  return live ? templateWarnings('spec.template', object, live) : templateWarnings('spec.template', object);
}

/** The same for kinds whose name goes into those of their Pods. */
export function namedWorkloadWarnings(object: KubeObject, live?: KubeObject): string[] {
  return [...(live ? [] : nameWarnings(object, 'Pod names and hostnames')), ...workloadWarnings(object, live)];
}

/** `live` is the object before an update, which warns anew only when the spec changed. */
export function templateWarnings(path: string, object: KubeObject, live?: KubeObject): string[] {
  if (live && live.metadata.generation === object.metadata.generation) return [];
  return warningsFor(`${path}.`, objectOf(at(object, ...path.split('.'))));
}

export function podWarnings(pod: KubeObject): string[] {
  return [...nameWarnings(pod, "the Pod's hostname"), ...warningsFor('', { metadata: pod.metadata, spec: pod.spec })];
}

export function nameWarnings(object: KubeObject, where: string): string[] {
  const found = labelProblems(object.metadata.name ?? '');
  const advice = 'which can result in surprising behavior; a DNS label is recommended';
  return found.length > 0 ? [`metadata.name: this is used in ${where}, ${advice}: [${found.join(' ')}]`] : [];
}

function warningsFor(prefix: string, template: Obj): string[] {
  const metadata = objectOf(template.metadata);
  const annotations = objectOf(metadata.annotations);
  const spec = objectOf(template.spec);
  const path = `${prefix}spec`;
  const containers = visit(path, spec);
  return [
    ...placement(path, spec),
    ...Object.entries(ANNOTATIONS).flatMap(([key, why]) =>
      key in annotations ? [`${prefix}metadata.annotations[${key}]: ${why}`] : [],
    ),
    ...volumeWarnings(path, spec),
    ...overlappingPaths(objectsOf(spec.volumes)),
    ...repeated(`${path}.hostAliases`, objectsOf(spec.hostAliases), 'ip'),
    ...repeated(`${path}.imagePullSecrets`, objectsOf(spec.imagePullSecrets), 'name'),
    ...objectsOf(spec.imagePullSecrets).flatMap(({ name }, index) =>
      name ? [] : [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`],
    ),
    ...fractions(`${path}.overhead`, objectOf(spec.overhead)),
    ...podSeccomp(prefix, annotations, spec),
    ...containers.flatMap(({ container, here }) => [
      ...containerProfiles(prefix, annotations, spec, container),
      ...fractions(`${here}.resources.limits`, objectOf(objectOf(container.resources).limits), ['memory']),
      ...fractions(`${here}.resources.requests`, objectOf(objectOf(container.resources).requests), ['memory']),
      ...fractions(`${here}.resources.limits`, objectOf(objectOf(container.resources).limits), ['ephemeral-storage']),
      ...fractions(`${here}.resources.requests`, objectOf(objectOf(container.resources).requests), [
        'ephemeral-storage',
      ]),
      ...hiddenVariables(`${here}.env`, objectsOf(container.env)),
    ]),
    ...overlappingPorts(containers),
    ...repeatedPortNames(containers),
    ...(Number(spec.terminationGracePeriodSeconds) < 0
      ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...podAffinity(`${path}.affinity`, objectOf(spec.affinity)),
  ];
}

interface Visited {
  readonly container: Obj;
  readonly here: string;
}

function visit(path: string, spec: Obj): Visited[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((part) =>
    objectsOf(spec[part]).map((container, index) => ({ container, here: `${path}.${part}[${index}]` })),
  );
}

/** Deprecated labels of nodes. */
function placement(path: string, spec: Obj): string[] {
  const selected = Object.keys(objectOf(spec.nodeSelector)).flatMap((key) =>
    NODE_LABELS[key] ? [`${path}.nodeSelector[${key}]: ${NODE_LABELS[key]}`] : [],
  );
  const affinity = objectOf(objectOf(spec.affinity).nodeAffinity);
  const required = `${path}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
  const preferred = `${path}.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution`;
  const terms = objectsOf(objectOf(affinity.requiredDuringSchedulingIgnoredDuringExecution).nodeSelectorTerms);
  return [
    ...selected,
    ...terms.flatMap((term, index) => selectorTerm(`${required}[${index}]`, term, false)),
    ...objectsOf(affinity.preferredDuringSchedulingIgnoredDuringExecution).flatMap(({ preference }, index) =>
      selectorTerm(`${preferred}[${index}].preference`, objectOf(preference), true),
    ),
    ...objectsOf(spec.topologySpreadConstraints).flatMap(({ topologyKey, labelSelector }, index) => {
      const here = `${path}.topologySpreadConstraints[${index}]`;
      const why = NODE_LABELS[String(topologyKey)];
      return [
        ...(why ? [`${here}.topologyKey: ${topologyKey} is ${why}`] : []),
        ...(labelSelector ? [] : [`${here}.labelSelector: ${NULL_SELECTOR}`]),
      ];
    }),
  ];
}

export function selectorTerm(path: string, term: Obj, checksValues: boolean): string[] {
  return objectsOf(term.matchExpressions).flatMap(({ key, values }, index) => {
    const here = `${path}.matchExpressions[${index}]`;
    const why = NODE_LABELS[String(key)];
    const texts = checksValues && Array.isArray(values) ? values.map(String) : [];
    return [
      ...(why ? [`${here}.key: ${key} is ${why}`] : []),
      ...texts.flatMap((value, place) =>
        labelValueProblems(value).map((problem) => `${here}.values[${place}]: ${value} is invalid, ${problem}`),
      ),
    ];
  });
}

function volumeWarnings(path: string, spec: Obj): string[] {
  return objectsOf(spec.volumes).flatMap((volume, index) =>
    Object.entries(VOLUMES).flatMap(([type, why]) =>
      volume[type] ? [`${path}.volumes[${index}].${type === 'storageos' ? 'storageOS' : type}: ${why}`] : [],
    ),
  );
}

function repeated(path: string, items: readonly Obj[], key: string): string[] {
  return items.flatMap((item, index) =>
    items.slice(0, index).some((other) => other[key] === item[key])
      ? [`${path}[${index}].${key}: duplicate ${key} ${JSON.stringify(item[key] ?? '')}`]
      : [],
  );
}

function fractions(path: string, amounts: Obj, names = WHOLE): string[] {
  return names.flatMap((name) => {
    const nanos = parseQuantity(String(amounts[name]))?.nano;
    if (nanos === undefined || nanos % 1_000_000_000n === 0n) return [];
    return [`${path}[${name}]: fractional byte value ${JSON.stringify(amounts[name])} is invalid, must be an integer`];
  });
}

const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/';
const CONTAINER_APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

function podSeccomp(prefix: string, annotations: Obj, spec: Obj): string[] {
  if (objectOf(spec.securityContext).seccompProfile || !(SECCOMP in annotations)) return [];
  return [
    `${prefix}metadata.annotations[${SECCOMP}]: non-functional in v1.27+; use the "seccompProfile" field instead`,
  ];
}

function containerProfiles(prefix: string, annotations: Obj, spec: Obj, container: Obj): string[] {
  const security = objectOf(container.securityContext);
  const seccomp = `${CONTAINER_SECCOMP}${container.name}`;
  const apparmor = `${CONTAINER_APPARMOR}${container.name}`;
  const out: string[] = [];
  if (!security.seccompProfile && seccomp in annotations)
    out.push(
      `${prefix}metadata.annotations[${seccomp}]: non-functional in v1.27+; use the "seccompProfile" field instead`,
    );
  if (!security.appArmorProfile && apparmor in annotations && !objectOf(spec.securityContext).appArmorProfile)
    out.push(
      `${prefix}metadata.annotations[${apparmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    );
  return out;
}

function hiddenVariables(path: string, variables: readonly Obj[]): string[] {
  return variables.flatMap(({ name, value, valueFrom }, index) => {
    if (!variables.slice(0, index).some((other) => other.name === name)) return [];
    const reference = `$(${name})`;
    const text = String(value ?? '');
    if (!valueFrom && text !== reference && text.includes(reference)) return [];
    const what = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
    return [`${path}[${index}]: ${what}`];
  });
}

function overlappingPorts(containers: readonly Visited[]): string[] {
  const seen: { port: Obj; here: string }[] = [];
  const out: string[] = [];
  for (const { container, here: path } of containers)
    for (const [index, port] of objectsOf(container.ports).entries()) {
      const here = `${path}.ports[${index}]`;
      for (const other of seen) {
        if (other.port.containerPort !== port.containerPort || other.port.protocol !== port.protocol) continue;
        const how = overlap(port, other.port);
        if (how) out.push(`${here}: ${how} port definition with ${other.here}`);
      }
      seen.push({ port, here });
    }
  return out;
}

function overlap(port: Obj, other: Obj): string | undefined {
  const [ip, otherIp] = [port.hostIP ?? '', other.hostIP ?? ''];
  const [host, otherHost] = [port.hostPort ?? 0, other.hostPort ?? 0];
  if (ip === otherIp && host === otherHost) return 'duplicate';
  if (host === 0 || otherHost === 0) return 'overlapping';
  return host === otherHost && (ip === '') !== (otherIp === '') ? 'dangerously ambiguous' : undefined;
}

function repeatedPortNames(containers: readonly Visited[]): string[] {
  const seen = new Map<unknown, string>();
  const out: string[] = [];
  for (const { container, here: path } of containers)
    for (const [index, { name }] of objectsOf(container.ports).entries()) {
      if (!name) continue;
      const here = `${path}.ports[${index}]`;
      const other = seen.get(name);
      if (other === undefined) seen.set(name, here);
      else {
        const effect = `services and probes that select ports by name will use ${other}`;
        out.push(`${here}: duplicate port name ${JSON.stringify(name)} with ${other}, ${effect}`);
      }
    }
  return out;
}

function podAffinity(path: string, affinity: Obj): string[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((part) => {
    const { requiredDuringSchedulingIgnoredDuringExecution, preferredDuringSchedulingIgnoredDuringExecution } =
      objectOf(affinity[part]);
    const required = `${path}.${part}.requiredDuringSchedulingIgnoredDuringExecution`;
    const preferred = `${path}.${part}.preferredDuringSchedulingIgnoredDuringExecution`;
    return [
      ...objectsOf(requiredDuringSchedulingIgnoredDuringExecution).flatMap(({ labelSelector }, index) =>
        labelSelector ? [] : [`${required}[${index}].labelSelector: ${NULL_SELECTOR}`],
      ),
      ...objectsOf(preferredDuringSchedulingIgnoredDuringExecution).flatMap(({ podAffinityTerm }, index) =>
        objectOf(podAffinityTerm).labelSelector
          ? []
          : [`${preferred}[${index}].podAffinityTerm.labelSelector: ${NULL_SELECTOR}`],
      ),
    ];
  });
}

interface Source {
  readonly path: string;
  readonly source: string;
}

/** Files of one volume that lie on or in each other. */
function overlappingPaths(volumes: readonly Obj[]): string[] {
  return volumes.flatMap((volume) => {
    const { configMap, secret, downwardAPI, projected } = volume;
    const warn = (what: string, sources: readonly Source[]) =>
      collisions(sources).map((text) => `volume ${JSON.stringify(volume.name)} (${what}): overlapping paths: ${text}`);
    const quoted = (name: unknown) => JSON.stringify(name ?? '');
    return [
      ...warn(`ConfigMap ${quoted(objectOf(configMap).name)}`, items(configMap, '')),
      ...warn(`Secret ${quoted(objectOf(secret).secretName)}`, items(secret, '')),
      ...warn('DownwardAPI', items(downwardAPI, '')),
      ...(projected
        ? objectsOf(objectOf(projected).sources).flatMap((source) =>
            Object.keys(source).length === 0
              ? [`volume ${quoted(volume.name)} (Projected) has no sources provided`]
              : [],
          )
        : []),
      ...warn('Projected', objectsOf(objectOf(projected).sources).flatMap(projectedPaths)),
    ];
  });
}

function projectedPaths({ configMap, secret, downwardAPI, serviceAccountToken }: Obj): Source[] {
  if (serviceAccountToken)
    return [{ path: String(objectOf(serviceAccountToken).path ?? ''), source: 'ServiceAccountToken' }];
  if (configMap) return items(configMap, `ConfigMap ${JSON.stringify(objectOf(configMap).name ?? '')}`);
  if (secret) return items(secret, `Secret ${JSON.stringify(objectOf(secret).name ?? '')}`);
  return items(downwardAPI, 'DownwardAPI');
}

function items(volume: unknown, source: string): Source[] {
  return objectsOf(objectOf(volume).items).map(({ path }) => ({ path: String(path ?? ''), source }));
}

function collisions(sources: readonly Source[]): string[] {
  const show = ({ path, source }: Source) =>
    source === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;
  const clean = sources.map(({ path, source }) => ({ path: path.replace(/\/+$/, ''), source }));
  return clean.flatMap((own, index) =>
    own.path === ''
      ? []
      : clean
          .slice(0, index)
          .filter(
            (other) =>
              other.path === own.path || other.path.startsWith(`${own.path}/`) || own.path.startsWith(`${other.path}/`),
          )
          .map((other) => `${show(own)} with ${show(other)}`),
  );
}
