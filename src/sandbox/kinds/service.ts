// Service: cluster addresses and node ports, given out on create and kept on update.
//
// Source: k8s.io/kubernetes, pkg/registry/core/service/{alloc,strategy}.go and pkg/apis/core/validation (ValidateService).

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../typed/field-error.ts';
import type { Cluster } from '../cluster.ts';
import { refuse } from '../http/status.ts';
import type { KindRules } from '../resource/resource.ts';
import { validateLabels } from '../validation/metadata.ts';
import { labelProblems, subdomainProblems } from '../validation/names.ts';
import { portNumberOrName, problems } from '../validation/value.ts';

type Obj = Record<string, unknown>;

const FIRST_PORT = 30000;
/** Ports below are left to those who ask for one. */
const FIRST_FREE_PORT = 30086;
const LAST_PORT = 32767;
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export const SERVICE: KindRules = {
  name: 'label',
  createOnUpdate: true,
  prepareCreate(object, cluster, dryRun) {
    object.status = { loadBalancer: {} };
    allocate(object, undefined, cluster, dryRun);
  },
  prepareUpdate(next, live, cluster, dryRun) {
    keepAddresses(next, live);
    dropByType(next, live);
    allocate(next, live, cluster, dryRun);
  },
  validate: validateService,
  warnings: serviceWarnings,
  validateUpdate(next, live) {
    const before = specOf(live);
    const after = specOf(next);
    if (before.type === 'ExternalName' || after.type === 'ExternalName') return [];
    const from = Array.isArray(before.clusterIPs) ? before.clusterIPs[0] : undefined;
    const to = Array.isArray(after.clusterIPs) ? after.clusterIPs[0] : undefined;
    if (!from || from === to) return [];
    if (!to)
      return [invalidValue('spec.clusterIPs[0]', after.clusterIPs ?? null, 'primary clusterIP can not be unset')];
    return [invalidValue('spec.clusterIPs[0]', after.clusterIPs, 'may not change once set')];
  },
};

/** k8s.io/kubernetes, pkg/api/service/warnings.go. */
function serviceWarnings(object: KubeObject): string[] {
  const spec = specOf(object);
  const hints = 'service.kubernetes.io/topology-aware-hints';
  const isHeadless = spec.type === 'ClusterIP' && spec.clusterIP === 'None';
  const hasExternal = Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0;
  const isName = spec.type === 'ExternalName';
  const found: readonly (readonly [boolean, string])[] = [
    [
      object.metadata.annotations?.[hints] !== undefined,
      `annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ],
    [isHeadless && Boolean(spec.loadBalancerIP), 'spec.loadBalancerIP is ignored for headless services'],
    [isHeadless && hasExternal, 'spec.externalIPs is ignored for headless services'],
    [isHeadless && spec.sessionAffinity !== 'None', 'spec.SessionAffinity is ignored for headless services'],
    [
      hasExternal && !isHeadless && !isName,
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ],
    [isName && hasExternal, 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
    [!isName && Boolean(spec.externalName), 'spec.externalName is ignored when spec.type is not "ExternalName"'],
    [
      spec.trafficDistribution === 'PreferClose',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ],
  ];
  return found.flatMap(([applies, text]) => (applies ? [text] : []));
}

function specOf(object: KubeObject): Obj {
  if (!isObject(object.spec)) object.spec = {};
  return isObject(object.spec) ? object.spec : {};
}

function portsOf(object: KubeObject): Obj[] {
  const ports = specOf(object).ports;
  return Array.isArray(ports) ? ports.filter(isObject) : [];
}

/** What the client leaves out on update stays as it is (patchAllocatedValues). */
function keepAddresses(next: KubeObject, live: KubeObject): void {
  const before = specOf(live);
  const after = specOf(next);
  if (before.type !== 'ExternalName' && after.type !== 'ExternalName') {
    if (!after.clusterIP && !after.clusterIPs) {
      after.clusterIP = before.clusterIP;
      after.clusterIPs = before.clusterIPs;
    }
    after.ipFamilies ??= before.ipFamilies;
    after.ipFamilyPolicy ??= before.ipFamilyPolicy;
  }
  if (!usesNodePorts(before) || !usesNodePorts(after)) return;
  for (const port of portsOf(next)) {
    if (port.nodePort) continue;
    const own = portsOf(live).find((other) => other.port === port.port && other.protocol === port.protocol);
    if (own?.nodePort) port.nodePort = own.nodePort;
  }
}

function usesNodePorts(spec: Obj): boolean {
  return spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
}

/** Fields that the old type had and the new one has not, unless the client says them anew (dropTypeDependentFields). */
function dropByType(next: KubeObject, live: KubeObject): void {
  const before = specOf(live);
  const after = specOf(next);
  if (after.type !== 'ExternalName' || before.type === 'ExternalName') return;
  for (const key of ['internalTrafficPolicy', 'externalTrafficPolicy', 'allocateLoadBalancerNodePorts'])
    if (equalJson(after[key], before[key])) delete after[key];
}

function allocate(object: KubeObject, live: KubeObject | undefined, cluster: Cluster, dryRun: boolean): void {
  const spec = specOf(object);
  if (spec.type === 'ExternalName') {
    for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete spec[key];
  } else allocateAddress(object, spec, cluster);
  if (usesNodePorts(spec)) allocatePorts(object, live, cluster, dryRun);
  else if (live && usesNodePorts(specOf(live))) for (const port of portsOf(object)) delete port.nodePort;
}

function allocateAddress(object: KubeObject, spec: Obj, cluster: Cluster): void {
  // Nothing is allocated for a headless Service without selector, and so it may have both.
  const hasBoth = spec.clusterIP === 'None' && Object.keys(isObject(spec.selector) ? spec.selector : {}).length === 0;
  spec.ipFamilyPolicy ??= hasBoth ? 'RequireDualStack' : 'SingleStack';
  spec.ipFamilies ??= spec.ipFamilyPolicy !== 'SingleStack' && hasBoth ? ['IPv4', 'IPv6'] : ['IPv4'];
  if (!spec.clusterIP && Array.isArray(spec.clusterIPs)) spec.clusterIP = spec.clusterIPs[0];
  const others = cluster.store.list('/services').filter((other) => !isSame(other, object));
  const used = new Set(others.map((other) => at(other, 'spec', 'clusterIP')));
  const asked = String(spec.clusterIP ?? '');
  // What is no address at all is left to validation.
  if (asked !== '' && asked !== 'None' && !isAddress(asked)) return;
  if (asked !== '' && asked !== 'None' && !asked.startsWith('10.96.'))
    throw invalidService(
      object,
      invalidValue(
        'spec.clusterIPs',
        [asked],
        `failed to allocate IP ${asked}: the provided IP (${asked}) is not in the valid range. The range of valid IPs is 10.96.0.0/16`,
      ),
    );
  if (!spec.clusterIP) spec.clusterIP = freeAddress(used, cluster);
  else if (spec.clusterIP !== 'None' && used.has(spec.clusterIP))
    throw invalidService(
      object,
      invalidValue(
        'spec.clusterIPs',
        [spec.clusterIP],
        `failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`,
      ),
    );
  spec.clusterIPs = [spec.clusterIP];
}

function isAddress(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}

/** A free address of 10.96.0.0/16, where kubeadm puts them; the first 256 are left to those who ask for one. */
function freeAddress(used: ReadonlySet<unknown>, cluster: Cluster): string {
  for (;;) {
    const [a = 0, b = 0] = cluster.random(2);
    const address = `10.96.${Math.max(a, 1)}.${Math.min(Math.max(b, 1), 254)}`;
    if (!used.has(address)) return address;
  }
}

function allocatePorts(object: KubeObject, live: KubeObject | undefined, cluster: Cluster, dryRun: boolean): void {
  const used = usedPorts(object, cluster);
  const own = new Set(live ? portsOf(live).map((port) => Number(port.nodePort)) : []);
  for (const [index, port] of portsOf(object).entries()) {
    const wanted = Number(port.nodePort ?? 0);
    const field = `spec.ports[${index}].nodePort`;
    if (wanted === 0) continue;
    // A dry run allocates from a table that knows no range.
    if (!dryRun && (wanted < FIRST_PORT || wanted > LAST_PORT)) {
      const detail = `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`;
      throw invalidService(object, invalidValue(field, wanted, detail));
    }
    if (!own.has(wanted) && used.has(portKey(port)))
      throw invalidService(object, invalidValue(field, wanted, 'provided port is already allocated'));
    used.add(portKey(port));
  }
  for (const port of portsOf(object)) {
    if (port.nodePort) continue;
    port.nodePort = freePort(used, port, cluster);
    used.add(portKey(port));
  }
}

function portKey(port: Obj): string {
  return `${port.nodePort}/${port.protocol ?? 'TCP'}`;
}

function usedPorts(object: KubeObject, cluster: Cluster): Set<string> {
  const others = cluster.store.list('/services').filter((other) => !isSame(other, object));
  return new Set(others.flatMap((other) => portsOf(other).map(portKey)));
}

function freePort(used: ReadonlySet<string>, port: Obj, cluster: Cluster): number {
  for (;;) {
    const [a = 0, b = 0] = cluster.random(2);
    const candidate = FIRST_FREE_PORT + ((a * 256 + b) % (LAST_PORT - FIRST_FREE_PORT + 1));
    if (!used.has(portKey({ ...port, nodePort: candidate }))) return candidate;
  }
}

function invalidService(object: KubeObject, error: FieldError): Error {
  const name = object.metadata.name ?? '';
  const message = `Service ${JSON.stringify(name)} is invalid: ${error.field}: ${error.message}`;
  return refuse(422, 'Invalid', message, {
    name,
    kind: 'Service',
    causes: [{ reason: error.reason, message: error.message, field: error.field }],
  });
}

function validateService(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const errors: FieldError[] = [];
  const ports = portsOf(object);
  const headless = spec.clusterIP === 'None';
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') {
    if (headless)
      errors.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`));
  }
  const address = String(spec.clusterIP ?? '');
  if (address !== '' && !headless && !isAddress(address))
    errors.push(
      invalidValue('spec.clusterIPs[0]', address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
    );
  if (spec.type === 'ExternalName') {
    const host = String(spec.externalName ?? '').replace(/\.$/, '');
    if (host === '') errors.push(required('spec.externalName'));
    else errors.push(...problems('spec.externalName', host, subdomainProblems(host)));
  }
  if (!TYPES.includes(String(spec.type))) errors.push(notSupported('spec.type', spec.type, TYPES));
  if (spec.sessionAffinity !== 'None' && spec.sessionAffinity !== 'ClientIP')
    errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']));
  errors.push(...validatePorts(spec, ports));
  const selector = Object.entries(isObject(spec.selector) ? spec.selector : {});
  errors.push(
    ...validateLabels(Object.fromEntries(selector.map(([key, value]) => [key, String(value)])), 'spec.selector'),
  );
  return errors;
}

function validatePorts(spec: Obj, ports: readonly Obj[]): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<unknown>();
  const seen: unknown[] = [];
  for (const [index, port] of ports.entries()) {
    const field = `spec.ports[${index}]`;
    if (!port.name) {
      if (ports.length > 1) errors.push(required(`${field}.name`));
    } else {
      errors.push(
        ...labelProblems(String(port.name)).map((problem) => invalidValue(`${field}.name`, port.name, problem)),
      );
      if (names.has(port.name)) errors.push(duplicate(`${field}.name`, port.name));
      names.add(port.name);
    }
    const number = Number(port.port ?? 0);
    if (number < 1 || number > 65535)
      errors.push(invalidValue(`${field}.port`, number, 'must be between 1 and 65535, inclusive'));
    if (!['TCP', 'UDP', 'SCTP'].includes(String(port.protocol)))
      errors.push(notSupported(`${field}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']));
    const target = port.targetPort;
    if (target !== undefined) errors.push(...portNumberOrName(`${field}.targetPort`, target));
    if (port.nodePort && (spec.type === 'ClusterIP' || spec.type === 'ExternalName'))
      errors.push(forbiddenField(`${field}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    // The message shows Go's internal type.
    const key = { Name: '', Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 };
    if (seen.some((other) => equalJson(other, key))) errors.push(duplicate(field, key));
    seen.push(key);
  }
  return errors;
}
