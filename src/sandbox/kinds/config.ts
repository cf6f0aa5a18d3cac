// ConfigMap and Secret: keys, sizes, types, and what is frozen.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go (ValidateConfigMap, ValidateSecret).

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type FieldError, forbiddenField, invalidValue, required, tooLong } from '../../typed/field-error.ts';
import type { KindRules } from '../resource/resource.ts';
import { explainJson } from '../schema/json-syntax.ts';
import { configKeyProblems } from '../validation/names.ts';
import { objectOf, problems } from '../validation/value.ts';

const MAX_SIZE = 1024 * 1024;
const FROZEN = 'field is immutable when `immutable` is set';

export const CONFIG_MAP: KindRules = {
  validate(object) {
    const data = objectOf(object.data);
    const binary = objectOf(object.binaryData);
    const errors: FieldError[] = [];
    let size = 0;
    for (const key of Object.keys(data).sort()) {
      errors.push(...problems(`data[${key}]`, key, configKeyProblems(key)));
      if (key in binary) errors.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
      size += new TextEncoder().encode(String(data[key])).length;
    }
    for (const key of Object.keys(binary).sort()) {
      errors.push(...problems(`binaryData[${key}]`, key, configKeyProblems(key)));
      size += decodedLength(binary[key]);
    }
    return size > MAX_SIZE ? [...errors, tooLong('[]', MAX_SIZE)] : errors;
  },
  validateUpdate: (next, live) => frozen(next, live, ['data', 'binaryData']),
};

function decodedLength(base64: unknown): number {
  const text = String(base64).replace(/=+$/, '');
  return Math.floor((text.length * 3) / 4);
}

function frozen(next: KubeObject, live: KubeObject, fields: readonly string[]): FieldError[] {
  if (live.immutable !== true) return [];
  const errors = next.immutable === true ? [] : [forbiddenField('immutable', FROZEN)];
  for (const field of fields)
    if (!equalJson(next[field] ?? {}, live[field] ?? {})) errors.push(forbiddenField(field, FROZEN));
  return errors;
}

export const SECRET: KindRules = {
  validate(object) {
    const data = objectOf(object.data);
    const keys = Object.keys(data).sort();
    const errors = keys.flatMap((key) => problems(`data[${key}]`, key, configKeyProblems(key)));
    const size = keys.reduce((sum, key) => sum + decodedLength(data[key]), 0);
    if (size > MAX_SIZE) errors.push(tooLong('data', MAX_SIZE));
    return [...errors, ...validateType(object, data)];
  },
  validateUpdate(next, live) {
    const changed = next.type === live.type ? [] : [invalidValue('type', next.type, 'field is immutable')];
    return [...changed, ...frozen(next, live, ['data'])];
  },
  warnings(object) {
    const data = objectOf(object.data);
    if (object.type !== 'kubernetes.io/tls' || typeof data['tls.crt'] !== 'string') return [];
    return decodeText(data['tls.crt']).includes('-----BEGIN')
      ? []
      : ['tls: failed to find any PEM data in certificate input'];
  },
};

function decodeText(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}

function validateType(object: KubeObject, data: Record<string, unknown>): FieldError[] {
  const wants = (...keys: string[]) => keys.filter((key) => !(key in data)).map((key) => required(`data[${key}]`));
  switch (object.type) {
    case 'kubernetes.io/service-account-token': {
      const name = 'kubernetes.io/service-account.name';
      return object.metadata.annotations?.[name] ? [] : [required(`metadata.annotations[${name}]`)];
    }
    case 'kubernetes.io/dockerconfigjson':
      return validateJson('.dockerconfigjson', data);
    case 'kubernetes.io/dockercfg':
      return validateJson('.dockercfg', data);
    case 'kubernetes.io/basic-auth':
      return 'username' in data || 'password' in data ? [] : wants('username', 'password');
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required('data[ssh-privatekey]')];
    case 'kubernetes.io/tls':
      return wants('tls.crt', 'tls.key');
    default:
      return [];
  }
}

function validateJson(key: string, data: Record<string, unknown>): FieldError[] {
  if (!(key in data)) return [required(`data[${key}]`)];
  const text = decodeText(String(data[key]));
  try {
    if (isObject(JSON.parse(text))) return [];
  } catch {
    return [invalidValue(`data[${key}]`, '<secret contents redacted>', explainJson(text))];
  }
  return [
    invalidValue(
      `data[${key}]`,
      '<secret contents redacted>',
      'json: cannot unmarshal value into Go value of type map[string]interface {}',
    ),
  ];
}
