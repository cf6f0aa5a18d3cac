// From a token to whoever it speaks for (Argo CD: util/session/sessionmanager.go, VerifyToken and Parse).

import { stringAt } from '../base/json.ts';
import type { Account, Capability } from './local-accounts.ts';
import type { OidcProviders } from './oidc-provider.ts';
import type { ProjectAccess } from './policy/project-policy.ts';
import type { Principal } from './principal.ts';
import {
  type Claims,
  groupsOf,
  invalidSession,
  LOCAL_ISSUER,
  readUnverified,
  SSO_ISSUER,
  signToken,
  verifySigned,
} from './session-token.ts';
import { type AccountSettings, requireSigningKey } from './settings.ts';

/** A session of which less is left is renewed while it is used. */
const RENEW_SECONDS = 300;

export interface VerifyWorld {
  readonly settings: AccountSettings;
  readonly nowMs: number;
  readonly oidc: OidcProviders;
}

/** Throws `Unauthenticated` with the reason. */
export async function verifyToken(token: string, world: VerifyWorld): Promise<Principal> {
  const { settings, nowMs } = world;
  const issuer = stringAt(readUnverified(token).payload, 'iss') ?? '';
  if (issuer === LOCAL_ISSUER) {
    const claims = await verifySigned(token, requireSigningKey(settings), issuer, nowMs);
    const role = /^proj:([^:]+):([^:]+)$/.exec(claims.sub);
    if (role) return projectPrincipal(claims, role[1] ?? '', role[2] ?? '', settings);
    return accountPrincipal(claims, world);
  }
  if (issuer === SSO_ISSUER) {
    const claims = await verifySigned(token, requireSigningKey(settings), issuer, nowMs);
    return ssoPrincipal(claims, settings);
  }
  const { config, problem } = settings.oidc;
  if (!config) throw invalidSession(problem ?? 'the issuer is not the one that is expected');
  const claims = await world.oidc.verifyIdToken(token, config, nowMs);
  const tokenId = claims.jti ?? stringAt(claims, 'uti') ?? stringAt(claims, 'at_hash');
  refuseRevoked(tokenId, settings);
  return {
    ...personOf(claims, settings.rbac.scopes),
    issuer: config.issuer,
    isSession: true,
    ...timesOf(claims),
    ...(tokenId !== undefined && { tokenId }),
  };
}

/** Of somebody whom a provider vouches for. */
export function personOf(
  claims: Readonly<Record<string, unknown>>,
  scopes: readonly string[],
): Pick<Principal, 'kind' | 'subject' | 'name' | 'groups'> {
  const subject = stringAt(claims, 'federated_claims', 'user_id') || (stringAt(claims, 'sub') ?? '');
  return {
    kind: 'user',
    subject,
    name: stringAt(claims, 'email') || subject,
    groups: groupsOf(claims, scopes),
  };
}

function projectPrincipal(claims: Claims, name: string, role: string, { projects }: AccountSettings): Principal {
  const project = projects.get(name);
  if (!project || !isGivenOut(project, role, claims)) {
    throw invalidSession(`the AppProject ${name} has no such token for its role ${role}`);
  }
  return {
    ...{ kind: 'project', subject: claims.sub, name: claims.sub, issuer: LOCAL_ISSUER, groups: [] },
    ...timesOf(claims),
    ...(claims.jti !== undefined && { tokenId: claims.jti }),
  };
}

/** By its id; tokens of old Argo CDs have none, and are known by their time. */
function isGivenOut({ tokens }: ProjectAccess, role: string, { jti, iat }: Claims): boolean {
  const given = Object.hasOwn(tokens, role) ? (tokens[role] ?? []) : [];
  return given.some(({ id, iat: givenAt }) => (jti ? id === jti : givenAt === iat));
}

async function accountPrincipal(claims: Claims, { settings, nowMs }: VerifyWorld): Promise<Principal> {
  const [name = '', use] = claims.sub.split(':');
  const capability: Capability = use === 'login' ? 'login' : 'apiKey';
  const account = settings.accounts.get(name);
  if (!account) throw invalidSession(`account ${name} does not exist`);
  if (!account.isEnabled) throw invalidSession(`account ${name} is disabled`);
  if (!account.capabilities.includes(capability)) {
    throw invalidSession(`account ${name} does not have '${capability}' capability`);
  }
  const { jti } = claims;
  if (!jti) throw invalidSession('the token has no id (jti), by which it could be taken back');
  refuseRevoked(jti, settings);
  if (capability === 'apiKey' && !account.tokens.some(({ id }) => id === jti)) {
    throw invalidSession(`account ${name} does not have token with id ${jti}`);
  }
  refuseOlderThanPassword(account, claims);
  const renewal = capability === 'login' ? await renew(claims, settings, nowMs) : undefined;
  return {
    ...{ kind: 'user', subject: name, name, issuer: LOCAL_ISSUER, groups: [], tokenId: jti },
    isSession: capability === 'login',
    ...timesOf(claims),
    ...(renewal !== undefined && { renewal }),
  };
}

function refuseOlderThanPassword({ passwordMtimeMs }: Account, { iat }: Claims): void {
  if (passwordMtimeMs === undefined || iat >= Math.floor(passwordMtimeMs / 1000)) return;
  throw invalidSession('account password has changed since token issued');
}

function refuseRevoked(tokenId: string | undefined, { revocations }: AccountSettings): void {
  if (tokenId !== undefined && revocations.has(tokenId)) throw invalidSession('token is revoked, please re-login');
}

function ssoPrincipal(claims: Claims, settings: AccountSettings): Principal {
  const issuer = stringAt(claims, 'idp') ?? '';
  if (settings.oidc.config?.issuer !== issuer) throw invalidSession('its OIDC provider is no longer configured');
  refuseRevoked(claims.jti, settings);
  return {
    ...personOf(claims, ['groups']),
    issuer,
    isSession: true,
    ...timesOf(claims),
    ...(claims.jti !== undefined && { tokenId: claims.jti }),
  };
}

/** Another session of the same length. */
async function renew({ sub, iat, exp }: Claims, settings: AccountSettings, nowMs: number): Promise<string | undefined> {
  if (exp === undefined || exp - nowMs / 1000 >= RENEW_SECONDS) return undefined;
  const made = await signToken(requireSigningKey(settings), nowMs, {
    subject: sub,
    id: crypto.randomUUID(),
    expiresIn: exp - iat,
  });
  return made.token;
}

function timesOf({ iat, exp }: Claims): Pick<Principal, 'issuedAt' | 'expiresAt'> {
  return { issuedAt: iat, ...(exp !== undefined && { expiresAt: exp }) };
}
