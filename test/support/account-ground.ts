// A hawser with accounts, for tests: its app as browsers and programs meet it, over a sandbox cluster, with a clock that can be moved.

import { hash } from 'bcryptjs';
import type { Hono } from 'hono';
import { createApp } from '../../src/app.ts';
import { stringAt } from '../../src/base/json.ts';
import { appPlatform } from './app-platform.ts';
import { createGround, type Ground, NAMESPACE } from './ground.ts';
import { connectSandbox } from './sandbox-transport.ts';

export const ORIGIN = 'http://127.0.0.1:8080';
/** Of every local account of this ground. */
export const PASSWORD = 'correct horse battery';
/** bcrypt's least, where no test is about what a hash costs: each login of a test would take as long as people's do. */
export const CHEAP = 4;
export const SIGNING_KEY = 'a-key-that-only-the-tests-know-0123456789';
export const LONG_AGO = '2020-01-01T00:00:00Z';

export interface AccountGround {
  readonly ground: Ground;
  readonly app: Hono;
  /** Another replica. */
  readonly other: Hono;
  /** Lines of the audit log. */
  readonly audit: Record<string, unknown>[];
  readonly warnings: string[];
  now(): number;
  /** In seconds. */
  sleep(seconds: number): void;
  /** Writes values of argocd-secret, argocd-cm or argocd-rbac-cm; they count at once. */
  set(
    name: 'argocd-secret' | 'argocd-cm' | 'argocd-rbac-cm',
    values: Readonly<Record<string, string | null>>,
  ): Promise<void>;
  request(method: string, path: string, options?: AccountRequest): Promise<Response>;
  /** Logs in; the session's token. */
  login(name: string, password?: string): Promise<string>;
  close(): Promise<void>;
}

export interface AccountRequest {
  readonly token?: string;
  readonly cookie?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly app?: Hono;
}

/** With the signing key and the passwords of `admin` and `accounts` set, unless `isBare`. */
export async function createAccountGround(
  options: { readonly accounts?: Readonly<Record<string, string>>; readonly isBare?: boolean } = {},
): Promise<AccountGround> {
  const { accounts = {}, isBare = false } = options;
  const ground = await createGround(connectSandbox());
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const audit: Record<string, unknown>[] = [];
  const warnings: string[] = [];
  const log = {
    info: (message: string, fields?: object) => {
      if (message === 'audit') audit.push({ ...fields });
    },
    warn: (message: string, fields?: object) => void warnings.push(`${message} ${JSON.stringify(fields ?? {})}`),
    error: () => undefined,
  };
  const make = () => createApp(ground.hawser, appPlatform({}, { log, clock: { now } }));
  let [app, other] = [make(), make()];

  const set: AccountGround['set'] = async (name, values) => {
    const isSecret = name === 'argocd-secret';
    const kind = isSecret ? 'Secret' : 'ConfigMap';
    const ref = { apiVersion: 'v1', kind, namespace: NAMESPACE, name };
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, isSecret && value !== null ? btoa(value) : value]),
    );
    if (await ground.client.get(ref)) await ground.client.patch(ref, { data }, { type: 'merge' });
    else await ground.client.create({ ...ref, metadata: { name, namespace: NAMESPACE }, data });
    // What was read a moment ago would still count for two seconds.
    [app, other] = [make(), make()];
  };

  if (!isBare) {
    const hashed = await hash(PASSWORD, CHEAP);
    await set('argocd-cm', {
      ...Object.fromEntries(Object.entries(accounts).map(([name, capabilities]) => [`accounts.${name}`, capabilities])),
    });
    await set('argocd-secret', {
      'server.secretkey': SIGNING_KEY,
      'admin.password': hashed,
      'admin.passwordMtime': LONG_AGO,
      ...Object.fromEntries(Object.keys(accounts).map((name) => [`accounts.${name}.password`, hashed])),
    });
  }

  const request: AccountGround['request'] = async (method, path, { token, cookie, body, headers, app: asked } = {}) => {
    const init = {
      method,
      headers: {
        host: new URL(ORIGIN).host,
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { cookie: `argocd.token=${cookie}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    return (asked ?? app).request(`${ORIGIN}${path}`, init);
  };

  return {
    ground,
    get app() {
      return app;
    },
    get other() {
      return other;
    },
    audit,
    warnings,
    now,
    sleep: (seconds) => {
      offsetMs += seconds * 1_000;
    },
    set,
    request,
    login: async (username, password = PASSWORD) => {
      const answer = await request('POST', '/api/v1/session', { body: { username, password } });
      const text = await answer.text();
      const token = answer.ok ? stringAt(JSON.parse(text), 'token') : undefined;
      if (token === undefined) throw new Error(`the login of ${username} was answered ${answer.status} ${text}`);
      return token;
    },
    close: () => ground.close(),
  };
}
