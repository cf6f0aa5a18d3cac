// What is known of accounts and rights at one moment: argocd-secret, argocd-cm, argocd-rbac-cm, the AppProjects' roles, what was revoked.

import { HawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isUnknownKind } from '../kube/refusal.ts';
import { configData, decodeSecret, SECRET_NAME, TOKEN_KEY } from '../operation/settings.ts';
import { type Account, isTrue, parseAccounts } from './local-accounts.ts';
import { type OidcSettings, parseOidcConfig, secretsOfOidc } from './oidc-config.ts';
import { type ProjectAccess, parseProjectAccess } from './policy/project-policy.ts';
import { parseRbacConfig, type RbacConfig } from './policy/rbac-config.ts';
import { parseRevocations, REVOCATIONS, type Revocations } from './revocations.ts';
import type { SigningKey } from './session-token.ts';

export interface AccountSettings {
  readonly accounts: ReadonlyMap<string, Account>;
  /** hawser's own token; undefined where none was made yet. */
  readonly machineToken: string | undefined;
  /** What sessions and tokens are signed with; undefined where none was made yet. */
  readonly signingKey: SigningKey | undefined;
  readonly isAnonymousEnabled: boolean;
  /** A rollback has a right of its own; otherwise whoever may sync may roll back. */
  readonly isRollbackApart: boolean;
  /** How long a session lasts. */
  readonly sessionSeconds: number;
  /** What a new password must match, in Go's syntax. */
  readonly passwordPattern: string;
  /** Where people reach this server: `url`, then `additionalUrls`; without slashes at their ends. */
  readonly urls: readonly string[];
  readonly oidc: OidcSettings;
  readonly rbac: RbacConfig;
  readonly projects: ReadonlyMap<string, ProjectAccess>;
  readonly revocations: Revocations;
}

/** Whether any local account may log in with a password. */
export function isPasswordLoginOpen({ accounts }: Pick<AccountSettings, 'accounts'>): boolean {
  return [...accounts.values()].some(({ isEnabled, capabilities }) => isEnabled && capabilities.includes('login'));
}

export interface SettingsSource {
  readonly home: KubeClient;
  readonly namespace: string;
  warn(message: string, fields: Readonly<Record<string, string>>): void;
}

const DEFAULT_SESSION_SECONDS = 24 * 60 * 60;
const DEFAULT_PASSWORD_PATTERN = '^.{8,32}$';
const SECRET_KEY = 'server.secretkey';

/** Reads them; a policy is compiled once for each version of it. */
export function createSettingsReader({ home, namespace, warn }: SettingsSource) {
  let compiled: { readonly version: string; readonly rbac: RbacConfig } | undefined;

  function rbacOf(config: KubeObject | undefined): RbacConfig {
    const version = config?.metadata.resourceVersion ?? '';
    if (compiled?.version === version) return compiled.rbac;
    const rbac = parseRbacConfig(configData(config), (project, reason) =>
      warn('the roles of an AppProject give nothing: its policy cannot be read', { project, reason }),
    );
    if (rbac.problem !== undefined) {
      const reason = rbac.problem;
      warn('the policy of argocd-rbac-cm cannot be read: until it is mended, only the built-in roles count', {
        reason,
      });
    }
    compiled = { version, rbac };
    return rbac;
  }

  return async (freshness: 'cached' | 'consistent'): Promise<AccountSettings> => {
    const options = freshness === 'cached' ? { resourceVersion: '0' } : {};
    const read = (kind: 'Secret' | 'ConfigMap', name: string) =>
      home.get({ apiVersion: 'v1', kind, namespace, name }, options);
    const [secret, config, rbacConfig, revocations, projects] = await Promise.all([
      read('Secret', SECRET_NAME),
      read('ConfigMap', 'argocd-cm'),
      read('ConfigMap', 'argocd-rbac-cm'),
      read('ConfigMap', REVOCATIONS),
      listProjects(home, namespace, options),
    ]);
    const data = configData(config);
    const values = decodeSecret(secret);
    if (data['dex.config']?.trim() && !data['oidc.config']?.trim()) {
      const reason = 'there is no Dex here: name the provider itself in oidc.config';
      warn('the setting dex.config of argocd-cm has no effect', { reason });
    }
    const others = await Promise.all(
      secretsOfOidc(data['oidc.config']).map(async (name) => [name, await read('Secret', name)] as const),
    );
    return {
      accounts: parseAccounts(data, values),
      machineToken: values[TOKEN_KEY] || undefined,
      signingKey: await importKey(secret),
      isAnonymousEnabled: isTrue(data['users.anonymous.enabled']),
      isRollbackApart: isTrue(data['server.rbac.rollback.enforce.enable']),
      sessionSeconds: parseSessionSeconds(data['users.session.duration'], warn),
      passwordPattern: data.passwordPattern || DEFAULT_PASSWORD_PATTERN,
      urls: urlsOf(data),
      oidc: parseOidcConfig(data, values, new Map(others)),
      rbac: rbacOf(rbacConfig),
      projects: new Map(projects.map((project) => [project.metadata.name ?? '', parseProjectAccess(project)])),
      revocations: parseRevocations(configData(revocations)),
    };
  };
}

async function listProjects(
  home: KubeClient,
  namespace: string,
  options: { readonly resourceVersion?: string },
): Promise<readonly KubeObject[]> {
  try {
    const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };
    return (await home.list(type, { namespace, ...options })).items;
  } catch (error) {
    if (isUnknownKind(error)) return [];
    throw error;
  }
}

/** The bytes as they are: a key that somebody else made may be no text. */
async function importKey(secret: KubeObject | undefined): Promise<SigningKey | undefined> {
  const data = secret?.data;
  const encoded = typeof data === 'object' && data !== null && SECRET_KEY in data ? data[SECRET_KEY] : undefined;
  if (typeof encoded !== 'string' || encoded === '') return undefined;
  const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function urlsOf(data: Readonly<Record<string, string>>): readonly string[] {
  const more = (data.additionalUrls ?? '').split('\n').map((line) => line.replace(/^\s*-?\s*/, '').trim());
  return [data.url ?? '', ...more]
    .map((url) => url.replace(/^["']|["']$/g, '').replace(/\/+$/, ''))
    .filter((url) => URL.canParse(url));
}

const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** `24h`, `7d`, `1h30m`. */
function parseSessionSeconds(text: string | undefined, warn: SettingsSource['warn']): number {
  if (!text?.trim()) return DEFAULT_SESSION_SECONDS;
  const parts = [...text.trim().matchAll(/(\d+)([dhms])/g)];
  const isWhole = parts.map(([part]) => part).join('') === text.trim();
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS], 0);
  if (isWhole && seconds > 0 && Number.isSafeInteger(seconds)) return seconds;
  warn('users.session.duration of argocd-cm is no duration: sessions last 24 hours', { value: text });
  return DEFAULT_SESSION_SECONDS;
}

/** Throws `Unauthenticated` where nothing can have been signed yet. */
export function requireSigningKey({ signingKey }: Pick<AccountSettings, 'signingKey'>): SigningKey {
  if (signingKey) return signingKey;
  throw new HawserError('Unauthenticated', 'invalid session: there is no key that it could be signed with');
}
