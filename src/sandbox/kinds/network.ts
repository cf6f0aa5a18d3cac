// Ingress and NetworkPolicy.
//
// Source: k8s.io/kubernetes, pkg/apis/networking/validation/validation.go.

import { isObject } from '../../base/json.ts';
import type { FieldError } from '../http/status.ts';
import type { KindRules } from '../resource/resource.ts';
import { invalidValue, required } from '../validation/field-error.ts';
import { label1035Problems, subdomainProblems } from '../validation/names.ts';
import { validateSelector } from '../validation/selector.ts';
import { type Obj, objectOf, objectsOf, oneOf, portNumber, portNumberOrName, problems } from '../validation/value.ts';

export const INGRESS: KindRules = {
  generation: true,
  validate(object) {
    const spec = objectOf(object.spec);
    const rules = objectsOf(spec.rules);
    if (rules.length === 0 && !isObject(spec.defaultBackend))
      return [invalidValue('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified')];
    return [
      ...(isObject(spec.defaultBackend) ? validateBackend('spec.defaultBackend', spec.defaultBackend) : []),
      ...rules.flatMap((rule, index) => validateRule(`spec.rules[${index}]`, rule)),
    ];
  },
};

function validateRule(field: string, rule: Obj): FieldError[] {
  const host = String(rule.host ?? '');
  const name = host.startsWith('*.') ? host.slice(2) : host;
  const errors = host === '' ? [] : problems(`${field}.host`, host, subdomainProblems(name));
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
    ? problems(`${field}.service.name`, name, label1035Problems(String(name)))
    : [required(`${field}.service.name`)];
  if (number && portName) errors.push(invalidValue(field, '', 'cannot set both port name & port number'));
  else if (!number && !portName) errors.push(required(field, 'port name or number is required'));
  else if (number) errors.push(...portNumber(`${field}.service.port.number`, number));
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
          ...objectsOf(rule.ports).flatMap(({ port }, at) =>
            port === undefined ? [] : portNumberOrName(`${here}.ports[${at}].port`, port),
          ),
          ...objectsOf(rule[peers]).flatMap((peer, at) => validatePeer(`${here}.${peers}[${at}]`, peer)),
        ];
      });
    return [
      ...validateSelector('spec.podSelector', spec.podSelector),
      ...rules('ingress', 'from'),
      ...rules('egress', 'to'),
    ];
  },
};

function validatePeer(field: string, { podSelector, namespaceSelector, ipBlock }: Obj): FieldError[] {
  if (!isObject(podSelector) && !isObject(namespaceSelector) && !isObject(ipBlock))
    return [required(field, 'must specify a peer')];
  return [
    ...validateSelector(`${field}.podSelector`, podSelector),
    ...validateSelector(`${field}.namespaceSelector`, namespaceSelector),
  ];
}
