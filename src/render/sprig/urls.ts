// Sprig's functions of URLs (Sprig v3.3.0: url.go).

import { messageOf } from '../../base/errors.ts';
import { kindName } from '../go/type-name.ts';
import { formatGoUrl, formatUserinfo, type GoUrl, hostnameOf, parseGoUrl, type Userinfo } from '../go/url.ts';
import type { GoValue } from '../go/value.ts';
import { type Dict, type FunctionTable, fail, failNilDereference, goFunction } from './function.ts';

export function urlFunctions(): FunctionTable {
  return {
    urlParse: goFunction(['string'], 'map[string]interface {}', parseToDict),
    urlJoin: goFunction(['map[string]interface {}'], 'string', joinDict),
  };
}

function parseToDict(text: string): Map<string, GoValue> {
  const url = parseOrFail(text, 'unable to parse url');
  return new Map<string, GoValue>([
    ['scheme', url.scheme],
    ['host', url.host],
    ['hostname', hostnameOf(url)],
    ['path', url.path],
    ['query', url.rawQuery],
    ['opaque', url.opaque],
    ['fragment', url.fragment],
    ['userinfo', url.user ? formatUserinfo(url.user) : ''],
  ]);
}

function joinDict(dict: Dict): string {
  const parts = {
    scheme: textAt(dict, 'scheme'),
    host: textAt(dict, 'host'),
    path: textAt(dict, 'path'),
    rawQuery: textAt(dict, 'query'),
    opaque: textAt(dict, 'opaque'),
    fragment: textAt(dict, 'fragment'),
  };
  return formatGoUrl({ ...parts, user: parseUserinfo(textAt(dict, 'userinfo')) });
}

function textAt(dict: Dict, key: string): string {
  const value = dict.get(key);
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value === null) failNilDereference();
  return fail(`unable to parse ${key} key, must be of type string, but ${kindName(value)} found`);
}

function parseUserinfo(userinfo: string): Userinfo | undefined {
  if (userinfo === '') return undefined;
  return parseOrFail(`proto://${userinfo}@host`, 'unable to parse userinfo in dict').user;
}

function parseOrFail(text: string, complaint: string): GoUrl {
  try {
    return parseGoUrl(text);
  } catch (error) {
    return fail(`${complaint}: ${messageOf(error)}`);
  }
}
