// What an API server's audit log says that somebody has asked for.

import { readFileSync } from 'node:fs';
import type { Rule } from '../../src/application/install-rights.ts';
import { at, stringAt } from '../../src/base/json.ts';

export interface Asked {
  readonly verb: string;
  /** '' where it is of no object; then `path` says what it was. */
  readonly resource: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly status: number;
}

/** Of that user, in the order of the answers; a request that was repeated is there once. */
export function readAudit(file: string, user: string): readonly Asked[] {
  const found = new Map<string, Asked>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const event: unknown = JSON.parse(line);
    if (stringAt(event, 'user', 'username') !== user) continue;
    const subresource = stringAt(event, 'objectRef', 'subresource');
    const resource = stringAt(event, 'objectRef', 'resource') ?? '';
    const status = at(event, 'responseStatus', 'code');
    const asked: Asked = {
      verb: stringAt(event, 'verb') ?? '',
      resource: subresource ? `${resource}/${subresource}` : resource,
      group: stringAt(event, 'objectRef', 'apiGroup') ?? '',
      namespace: stringAt(event, 'objectRef', 'namespace') ?? '',
      name: stringAt(event, 'objectRef', 'name') ?? '',
      path: (stringAt(event, 'requestURI') ?? '').split('?')[0] ?? '',
      status: typeof status === 'number' ? status : 0,
    };
    found.set(JSON.stringify(asked), asked);
  }
  return [...found.values()];
}

/** Whether RBAC lets it through by this rule. */
export function permits(rule: Rule, { verb, resource, group, name, path }: Asked): boolean {
  if (!includes(rule.verbs, verb)) return false;
  if (resource === '') {
    const urls = rule.nonResourceURLs ?? [];
    return urls.some((url) => (url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path));
  }
  const isNamed = rule.resourceNames === undefined || rule.resourceNames.includes(name);
  return includes(rule.apiGroups, group) && includes(rule.resources, resource) && isNamed;
}

function includes(known: readonly string[] = [], value: string): boolean {
  return known.includes('*') || known.includes(value);
}

/** Each by itself: one verb of one resource. */
export function singleRules(rule: Rule): readonly Rule[] {
  const { apiGroups = [], resources = [], nonResourceURLs = [], verbs, resourceNames } = rule;
  return verbs.flatMap((verb): readonly Rule[] => [
    ...nonResourceURLs.map((url) => ({ nonResourceURLs: [url], verbs: [verb] })),
    ...apiGroups.flatMap((group) =>
      resources.map((resource) => ({
        apiGroups: [group],
        resources: [resource],
        verbs: [verb],
        ...(resourceNames && { resourceNames }),
      })),
    ),
  ]);
}

/** `patch leases` */
export function formatRule({ verbs, resources, nonResourceURLs }: Rule): string {
  return [...verbs, ...(resources ?? nonResourceURLs ?? [])].join(' ');
}
