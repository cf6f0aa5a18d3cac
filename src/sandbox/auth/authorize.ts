// Who asks, and whether they may: static tokens, read-only or all-powerful. Without tokens everyone may everything.
//
// Source of the texts: k8s.io/apiserver, pkg/endpoints/handlers/responsewriters/errors.go.

import { refuse } from '../http/status.ts';

export interface TokenUser {
  readonly user: string;
  readonly groups?: readonly string[];
  /** May get, list and watch, nothing else. */
  readonly readonly?: boolean;
}

/** Users by bearer token. */
export type Tokens = Readonly<Record<string, TokenUser>>;

const EVERYONE: TokenUser = { user: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

/** The user of a request. Throws 401 for an unknown token and 403 for none. */
export function authenticate(request: Request, tokens: Tokens | undefined): TokenUser | undefined {
  if (!tokens) return EVERYONE;
  const header = request.headers.get('Authorization') ?? '';
  const token = /^Bearer\s+(.*)$/i.exec(header)?.[1];
  if (token === undefined) return undefined;
  const found = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
  if (!found) throw refuse(401, 'Unauthorized', 'Unauthorized');
  return found;
}

export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly plural: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

const READING = ['get', 'list', 'watch'];

export function isAllowed(user: TokenUser | undefined, verb: string): boolean {
  if (!user) return false;
  return !user.readonly || READING.includes(verb);
}

/** Throws 403 with the API server's words. */
export function authorize(user: TokenUser | undefined, access: Access): void {
  if (isAllowed(user, access.verb)) return;
  const who = user?.user ?? 'system:anonymous';
  const resource = access.subresource === '' ? access.plural : `${access.plural}/${access.subresource}`;
  const what = access.group === '' ? access.plural : `${access.plural}.${access.group}`;
  const name = access.name === '' ? what : `${what} ${JSON.stringify(access.name)}`;
  const where =
    access.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(access.namespace)}`;
  throw refuse(
    403,
    'Forbidden',
    `${name} is forbidden: User ${JSON.stringify(who)} cannot ${access.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(access.group)} ${where}`,
    { name: access.name, group: access.group, kind: access.plural },
  );
}

/** The same for paths that are no resources. */
export function authorizePath(user: TokenUser | undefined, path: string): void {
  const open = /^\/(healthz|livez|readyz|version)(\/|$)/.test(path);
  if (user || open) return;
  throw refuse(403, 'Forbidden', `forbidden: User "system:anonymous" cannot get path ${JSON.stringify(path)}`);
}
