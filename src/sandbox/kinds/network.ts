// Ingress and NetworkPolicy.
//
// Source: k8s.io/kubernetes, pkg/apis/networking/validation/validation.go.

import { isObject } from '../../base/json.ts';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import type { KindRules } from '../resource/resource.ts';
import { labelProblems, subdomainProblems } from '../validation/names.ts';
import { validateSelector } from '../validation/selector.ts';
import {
  type Obj,
  objectOf,
  objectsOf,
  oneOf,
  portNameProblems,
  portNumber,
  portNumberOrName,
  problems,
} from '../validation/value.ts';

const CLASS = 'kubernetes.io/ingress.class';
const WILDCARD =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

export const INGRESS: KindRules = {
  generation: true,
  validate(object, _cluster, live) {
    const spec = objectOf(object.spec);
    const rules = objectsOf(spec.rules);
    const ownClass = object.metadata.annotations?.[CLASS];
    const isOther = !live && ownClass !== undefined && spec.ingressClassName && ownClass !== spec.ingressClassName;
    return [
      ...(rules.length === 0 && !isObject(spec.defaultBackend)
        ? [invalidValue('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified')]
        : []),
      ...(isObject(spec.defaultBackend) ? validateBackend('spec.defaultBackend', spec.defaultBackend) : []),
      ...rules.flatMap((rule, index) => validateRule(`spec.rules[${index}]`, rule)),
      ...objectsOf(spec.tls).flatMap((tls, index) => validateTls(`spec.tls[${index}]`, tls)),
      ...(spec.ingressClassName
        ? problems('spec.ingressClassName', spec.ingressClassName, subdomainProblems(String(spec.ingressClassName)))
        : []),
      ...(isOther
        ? [invalidValue(`annotations.${CLASS}`, ownClass, 'must match `ingressClassName` when both are specified')]
        : []),
    ];
  },
  warnings: (object, live) =>
    !live && object.metadata.annotations?.[CLASS] !== undefined && !objectOf(object.spec).ingressClassName
      ? [`annotation ${JSON.stringify(CLASS)} is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
};

function validateTls(field: string, { hosts, secretName }: Obj): FieldError[] {
  return [
    ...(Array.isArray(hosts) ? hosts : []).flatMap((host, index) =>
      problems(`${field}.hosts[${index}]`, host, hostProblems(String(host))),
    ),
    ...(secretName ? problems(`${field}.secretName`, secretName, subdomainProblems(String(secretName))) : []),
  ];
}

function hostProblems(host: string): string[] {
  if (!host.includes('*')) return subdomainProblems(host);
  return /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(host) ? [] : [WILDCARD];
}

function validateRule(field: string, rule: Obj): FieldError[] {
  const host = String(rule.host ?? '');
  const errors = host === '' ? [] : problems(`${field}.host`, host, hostProblems(host));
  if (/^\d+(\.\d+){3}$/.test(host) || host.includes(':'))
    errors.unshift(invalidValue(`${field}.host`, host, 'must be a DNS name, not an IP address'));
  if (!isObject(rule.http)) return errors;
  const paths = objectsOf(rule.http.paths);
  if (paths.length === 0) return [...errors, required(`${field}.http.paths`)];
  return [...errors, ...paths.flatMap((path, index) => validatePath(`${field}.http.paths[${index}]`, path))];
}

function validatePath(field: string, { path, pathType, backend }: Obj): FieldError[] {
  if (!pathType) return [required(`${field}.pathType`, 'pathType must be specified')];
  const text = String(path ?? '');
  const errors: FieldError[] = [];
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!text.startsWith('/')) errors.push(invalidValue(`${field}.path`, text, 'must be an absolute path'));
    for (const bad of ['//', '/./', '/../', '%2f', '%2F'])
      if (text.includes(bad)) errors.push(invalidValue(`${field}.path`, text, `must not contain '${bad}'`));
    for (const bad of ['/..', '/.'])
      if (text.endsWith(bad)) errors.push(invalidValue(`${field}.path`, text, `cannot end with '${bad}'`));
  } else if (pathType === 'ImplementationSpecific') {
    if (text !== '' && !text.startsWith('/'))
      errors.push(invalidValue(`${field}.path`, text, 'must be an absolute path'));
  } else errors.push(...oneOf(`${field}.pathType`, pathType, ['Exact', 'ImplementationSpecific', 'Prefix']));
  return [...errors, ...validateBackend(`${field}.backend`, objectOf(backend))];
}

function validateBackend(field: string, { service, resource }: Obj): FieldError[] {
  if (isObject(service) && isObject(resource))
    return [invalidValue(field, '', 'cannot set both resource and service backends')];
  if (!isObject(service))
    return isObject(resource) ? [] : [invalidValue(field, '', 'resource or service backend is required')];
  const { name, port } = service;
  const { number, name: portName } = objectOf(port);
  const errors = name
    ? problems(`${field}.service.name`, name, labelProblems(String(name)))
    : [required(`${field}.service.name`)];
  if (number && portName) errors.push(invalidValue(field, '', 'cannot set both port name & port number'));
  else if (!number && !portName) errors.push(required(field, 'port name or number is required'));
  else if (number) errors.push(...portNumber(`${field}.service.port.number`, number));
  else errors.push(...problems(`${field}.service.port.name`, portName, portNameProblems(String(portName))));
  return errors;
}

export const NETWORK_POLICY: KindRules = {
  generation: true,
  validate(object) {
    const spec = objectOf(object.spec);
    const rules = (direction: 'ingress' | 'egress', peers: 'from' | 'to') =>
      objectsOf(spec[direction]).flatMap((rule, index) => {
        const here = `spec.${direction}[${index}]`;
        return [
          ...objectsOf(rule.ports).flatMap((port, at) => validatePolicyPort(`${here}.ports[${at}]`, port)),
          ...objectsOf(rule[peers]).flatMap((peer, at) => validatePeer(`${here}.${peers}[${at}]`, peer)),
        ];
      });
    return [
      ...validateSelector('spec.podSelector', spec.podSelector),
      ...rules('ingress', 'from'),
      ...rules('egress', 'to'),
      ...validatePolicyTypes('spec.policyTypes', Array.isArray(spec.policyTypes) ? spec.policyTypes : []),
    ];
  },
};

function validatePolicyTypes(field: string, types: readonly unknown[]): FieldError[] {
  const known = ['Ingress', 'Egress'];
  if (types.length > known.length) return [invalidValue(field, types, 'may not specify more than two policyTypes')];
  return types.flatMap((type, index) =>
    known.includes(String(type)) ? [] : [notSupported(`${field}[${index}]`, type, known, false)],
  );
}

function validatePolicyPort(field: string, { port, endPort, protocol }: Obj): FieldError[] {
  const protocols = ['TCP', 'UDP', 'SCTP'];
  const errors =
    protocol === undefined || protocols.includes(String(protocol))
      ? []
      : [notSupported(`${field}.protocol`, protocol, protocols, false)];
  const end = (detail: string, value: unknown = endPort) =>
    endPort === undefined ? [] : [invalidValue(`${field}.endPort`, value, detail)];
  if (port === undefined) return [...errors, ...end('may not be specified when `port` is not specified')];
  if (typeof port === 'string')
    return [
      ...errors,
      ...end('may not be specified when `port` is non-numeric'),
      ...portNumberOrName(`${field}.port`, port),
    ];
  return [
    ...errors,
    ...portNumber(`${field}.port`, port),
    ...(Number(endPort) < Number(port) ? end('must be greater than or equal to `port`', port) : []),
    ...(endPort === undefined ? [] : portNumber(`${field}.endPort`, endPort)),
  ];
}

function validatePeer(field: string, { podSelector, namespaceSelector, ipBlock }: Obj): FieldError[] {
  if (!isObject(podSelector) && !isObject(namespaceSelector) && !isObject(ipBlock))
    return [required(field, 'must specify a peer')];
  const isMixed = isObject(ipBlock) && (isObject(podSelector) || isObject(namespaceSelector));
  return [
    ...validateSelector(`${field}.podSelector`, podSelector),
    ...validateSelector(`${field}.namespaceSelector`, namespaceSelector),
    ...(isObject(ipBlock) ? validateBlock(`${field}.ipBlock`, ipBlock) : []),
    ...(isMixed ? [forbiddenField(field, 'may not specify both ipBlock and another peer')] : []),
  ];
}

const CONTROLLER = 'must be a domain-prefixed path (such as "acme.io/foo")';

export const INGRESS_CLASS: KindRules = {
  generation: true,
  validate(object) {
    const { controller } = objectOf(object.spec);
    if (!controller) return [required('spec.controller')];
    const [domain = '', ...path] = String(controller).split('/');
    if (domain === '' || path.length === 0 || path.join('/') === '')
      return [invalidValue('spec.controller', controller, CONTROLLER)];
    return problems('spec.controller', domain, subdomainProblems(domain));
  },
  validateUpdate(next, live) {
    const { controller = '' } = objectOf(next.spec);
    return controller === objectOf(live.spec).controller
      ? []
      : [invalidValue('spec.controller', controller, 'field is immutable')];
  },
};

const CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

function validateBlock(field: string, { cidr, except }: Obj): FieldError[] {
  if (!cidr) return [required(`${field}.cidr`)];
  if (!isCidr(String(cidr))) return [invalidValue(`${field}.cidr`, cidr, CIDR)];
  return (Array.isArray(except) ? except : []).flatMap((value, index) => {
    const here = `${field}.except[${index}]`;
    if (!isCidr(String(value))) return [invalidValue(here, value, CIDR)];
    return isInside(String(value), String(cidr))
      ? []
      : [invalidValue(here, value, 'must be a strict subset of `cidr`')];
  });
}

function isCidr(text: string): boolean {
  const [address = '', length = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d+$/.test(length)) return false;
  if (address.includes(':')) return /^[0-9a-fA-F:.]+$/.test(address) && Number(length) <= 128;
  const parts = address.split('.');
  return parts.length === 4 && parts.every((part) => /^\d+$/.test(part) && Number(part) < 256) && Number(length) <= 32;
}

/** Of IPv6 only the lengths are compared. */
function isInside(inner: string, outer: string): boolean {
  const [from = '', innerLength = ''] = inner.split('/');
  const [base = '', outerLength = ''] = outer.split('/');
  if (Number(outerLength) >= Number(innerLength) || from.includes(':') !== base.includes(':')) return false;
  if (from.includes(':')) return true;
  const bits = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(outerLength));
  return Math.floor(bits(from) / size) === Math.floor(bits(base) / size);
}
