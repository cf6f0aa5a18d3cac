// Reviews: kinds that are asked and answered, never stored.

import { at, isObject } from '../../base/json.ts';
import { isAllowed, type TokenUser } from '../auth/authorize.ts';
import type { Cluster } from '../cluster.ts';
import type { Resource } from '../resource/resource.ts';
import { readBody } from './body.ts';
import { decodeBody } from './decode-body.ts';
import { json } from './respond.ts';
import { refuse } from './status.ts';

export function isReview(resource: Resource): boolean {
  return resource.group === 'authorization.k8s.io' || resource.group === 'authentication.k8s.io';
}

export async function handleReview(
  _cluster: Cluster,
  resource: Resource,
  request: Request,
  user: TokenUser | undefined,
): Promise<Response> {
  if (request.method !== 'POST')
    throw refuse(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
  const object = decodeBody(resource, await readBody(request), 'Ignore', []);
  return json(request, { ...object, status: answer(resource.kind, object.spec, user) }, { status: 201 });
}

function answer(kind: string, spec: unknown, user: TokenUser | undefined): unknown {
  const who = user?.user ?? 'system:anonymous';
  switch (kind) {
    case 'SelfSubjectReview':
      return { userInfo: { username: who, groups: user?.groups ?? ['system:authenticated'] } };
    case 'SelfSubjectRulesReview': {
      const verbs = user?.readonly ? ['get', 'list', 'watch'] : ['*'];
      return {
        resourceRules: [{ verbs, apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs, nonResourceURLs: ['*'] }],
        incomplete: false,
      };
    }
    case 'TokenReview':
      return { authenticated: false, error: 'the sandbox knows no tokens of ServiceAccounts' };
    default: {
      const verb = String(at(spec, 'resourceAttributes', 'verb') ?? 'get');
      const isSelf = kind.startsWith('Self') || !isObject(spec) || spec.user === undefined;
      return { allowed: !isSelf || isAllowed(user, verb) };
    }
  }
}
