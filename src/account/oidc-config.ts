// `oidc.config` of argocd-cm: the OIDC provider (Argo CD: util/settings/settings.go, OIDCConfig). Values `$key` stand in argocd-secret,
// `$secret:key` in another Secret of Argo CD's.

import { formatError, HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { decodeSecret } from '../operation/settings.ts';
import { yamlToJson } from '../render/yaml/decode.ts';
import { isTrue } from './local-accounts.ts';

export interface OidcConfig {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Without one hawser is a public client. */
  readonly clientSecret?: string;
  /** Of command lines, whose tokens are accepted, too. */
  readonly cliClientId?: string;
  readonly scopes: readonly string[];
  /** As the parameter `claims` of the request. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly logoutUrl?: string;
  /** PEM. */
  readonly rootCa?: string;
  /** Accept any certificate of the provider. */
  readonly isInsecure: boolean;
  readonly domainHint?: string;
  /** Read the groups from the provider's userinfo. */
  readonly userInfoGroups: boolean;
  /** Below the issuer, in place of what discovery says. */
  readonly userInfoPath?: string;
  /** For whom a token may be; the client's ids where it says nothing. */
  readonly audiences: readonly string[];
}

/** No provider, one, or one that is written wrongly. */
export interface OidcSettings {
  readonly config?: OidcConfig;
  readonly problem?: string;
}

const DEFAULT_SCOPES = ['openid', 'profile', 'email', 'groups'];
const PART_OF = 'app.kubernetes.io/part-of';

/** The names of other Secrets in which values stand. */
export function secretsOfOidc(text: string | undefined): readonly string[] {
  if (!text) return [];
  return [...new Set([...text.matchAll(/\$([a-z0-9][a-z0-9.-]*):[^\s"']+/g)].map(([, name = '']) => name))];
}

export function parseOidcConfig(
  data: Readonly<Record<string, string>>,
  secret: Readonly<Record<string, string>>,
  others: ReadonlyMap<string, KubeObject | undefined>,
): OidcSettings {
  const text = data['oidc.config'];
  if (!text?.trim()) return {};
  try {
    const read: unknown = JSON.parse(yamlToJson(text));
    if (!isObject(read)) throw new HawserError('InvalidInput', 'it is no map');
    const values = resolve(read, (reference) => lookUp(reference, secret, others));
    if (!isObject(values)) throw new HawserError('InvalidInput', 'it is no map');
    return { config: parseConfig(values, isTrue(data['oidc.tls.insecure.skip.verify'])) };
  } catch (error) {
    return { problem: `oidc.config of argocd-cm: ${formatError(error)}` };
  }
}

function parseConfig(values: Readonly<Record<string, unknown>>, isInsecure: boolean): OidcConfig {
  const text = (key: string) => stringAt(values, key)?.trim() || undefined;
  const flag = (key: string) => values[key] === true || values[key] === 'true';
  const [issuer, clientId] = [text('issuer'), text('clientID')];
  if (!issuer || !URL.canParse(issuer)) throw new HawserError('InvalidInput', 'issuer is no URL');
  if (!clientId) throw new HawserError('InvalidInput', 'clientID is missing');
  const clientSecret = text('clientSecret');
  const cliClientId = text('cliClientID');
  const scopes = texts(values.requestedScopes);
  const audiences = texts(values.allowedAudiences);
  const [logoutUrl, rootCa] = [text('logoutURL'), text('rootCA')];
  const [domainHint, userInfoPath] = [text('domainHint'), text('userInfoPath')];
  return {
    name: text('name') ?? 'OIDC',
    issuer,
    clientId,
    ...(clientSecret && { clientSecret }),
    ...(cliClientId && { cliClientId }),
    scopes: scopes.length > 0 ? scopes : DEFAULT_SCOPES,
    ...(isObject(values.requestedIDTokenClaims) && { claims: values.requestedIDTokenClaims }),
    ...(logoutUrl && { logoutUrl }),
    ...(rootCa && { rootCa }),
    isInsecure,
    ...(domainHint && { domainHint }),
    userInfoGroups: flag('enableUserInfoGroups'),
    ...(userInfoPath && { userInfoPath }),
    audiences: audiences.length > 0 ? audiences : [clientId, ...(cliClientId ? [cliClientId] : [])],
  };
}

/** Every text that begins with `$` stands for another one. */
function resolve(value: unknown, lookUp: (reference: string) => string): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? lookUp(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map((entry) => resolve(entry, lookUp));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry, lookUp)]));
}

function lookUp(
  reference: string,
  secret: Readonly<Record<string, string>>,
  others: ReadonlyMap<string, KubeObject | undefined>,
): string {
  const [name = '', key] = reference.split(':', 2);
  const other = others.get(name);
  // A Secret that is none of Argo CD's is not read for whoever may write argocd-cm.
  const isOurs = other?.metadata.labels?.[PART_OF] === 'argocd';
  const found = key === undefined ? secret[name] : isOurs ? decodeSecret(other)[key] : undefined;
  if (found !== undefined) return found.trim();
  const place = key === undefined ? `argocd-secret has no key ${name}` : `no Secret ${name} with the key ${key}`;
  throw new HawserError('InvalidInput', `$${reference}: ${place}`, {
    ...(key !== undefined && { hint: `it needs the label ${PART_OF}: argocd` }),
  });
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
