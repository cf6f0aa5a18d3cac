// What accounts need before the first of them is used: the first password of admin, and the key that sessions are signed with (Argo CD:
// util/settings/settings.go, InitializeSettings). Replicas that start together make one of each: whoever comes second takes what is there.

import { genSalt, hash } from 'bcryptjs';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isAlreadyExists, isConflict } from '../kube/refusal.ts';
import type { Platform } from '../platform.ts';
import { configData, decodeSecret, SECRET_NAME } from './settings.ts';

export const INITIAL_PASSWORD_SECRET = 'argocd-initial-admin-secret';
export const SIGNING_KEY = 'server.secretkey';

const PASSWORD_KEY = 'admin.password';
const MTIME_KEY = 'admin.passwordMtime';
const PART_OF = { 'app.kubernetes.io/part-of': 'argocd' };
const TRIES = 5;
/** As Argo CD's. */
const BCRYPT_ROUNDS = 10;
const PASSWORD_LENGTH = 16;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-';

type Parts = Pick<Platform, 'random' | 'clock'> & { readonly settings: Pick<Platform['settings'], 'namespace'> };

/** Makes what is missing, and changes nothing that is there. */
export async function ensureAccountSecrets(home: KubeClient, platform: Parts): Promise<void> {
  const { namespace } = platform.settings;
  for (let tries = 1; ; tries++) {
    const [secret, config] = await Promise.all([
      home.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: SECRET_NAME }),
      home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' }, { resourceVersion: '0' }),
    ]);
    const values = decodeSecret(secret);
    const isAdminEnabled = configData(config)['admin.enabled'] !== 'false';
    const missing = {
      // The text of 32 random bytes in base64 is the key itself, as in Argo CD.
      ...(!values[SIGNING_KEY] && { [SIGNING_KEY]: toBase64(platform.random(32)) }),
      ...(isAdminEnabled && !values[PASSWORD_KEY] && (await firstPassword(home, platform))),
    };
    if (Object.keys(missing).length === 0) return;
    try {
      await writeSecretValues(home, namespace, secret, missing);
      return;
    } catch (error) {
      if (tries === TRIES || !(isConflict(error) || isAlreadyExists(error))) throw error;
    }
  }
}

export async function hashPassword(password: string): Promise<string> {
  return hash(password, await genSalt(BCRYPT_ROUNDS));
}

/** RFC 3339 without fractions of a second, which Argo CD reads. */
export function formatSecond(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Values of argocd-secret, given as text; null removes one. Throws a conflict where `secret` is no longer what it is. */
export async function writeSecretValues(
  home: KubeClient,
  namespace: string,
  secret: KubeObject | undefined,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === null ? null : encode(value)]),
  );
  if (secret) {
    const { resourceVersion = '' } = secret.metadata;
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: SECRET_NAME };
    await home.patch(ref, { data, metadata: { resourceVersion } }, { type: 'merge' });
    return;
  }
  const metadata = { name: SECRET_NAME, namespace, labels: PART_OF };
  await home.create({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data });
}

/** The one that is kept in its own Secret for the operator to read; made where there is none. */
async function firstPassword(home: KubeClient, platform: Parts): Promise<Record<string, string>> {
  const password = await keptPassword(home, platform);
  return { [PASSWORD_KEY]: await hashPassword(password), [MTIME_KEY]: formatSecond(platform.clock.now()) };
}

async function keptPassword(home: KubeClient, platform: Parts): Promise<string> {
  const { namespace } = platform.settings;
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: INITIAL_PASSWORD_SECRET };
  const read = async () => decodeSecret(await home.get(ref)).password;
  const kept = await read();
  if (kept) return kept;
  const password = randomPassword((length) => platform.random(length));
  const metadata = { name: INITIAL_PASSWORD_SECRET, namespace, labels: PART_OF };
  const object = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { password: encode(password) } };
  try {
    await home.create(object);
    return password;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const other = await read();
    if (other) return other;
    await home.patch(ref, { data: object.data }, { type: 'merge' });
    return password;
  }
}

/** Every character as likely as any other: bytes that would favour some are passed over. */
function randomPassword(random: (length: number) => Uint8Array): string {
  const fair = 256 - (256 % ALPHABET.length);
  let password = '';
  while (password.length < PASSWORD_LENGTH) {
    for (const byte of random(PASSWORD_LENGTH)) {
      if (byte < fair && password.length < PASSWORD_LENGTH) password += ALPHABET[byte % ALPHABET.length];
    }
  }
  return password;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function encode(text: string): string {
  return toBase64(new TextEncoder().encode(text));
}
