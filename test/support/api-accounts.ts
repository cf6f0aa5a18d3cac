// The API of a ground as local accounts see it, each with the rights that a test gives it.

import { createApp } from '../../src/app.ts';
import { stringAt } from '../../src/base/json.ts';
import { appPlatform } from './app-platform.ts';
import { type Ground, TOKEN } from './ground.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

/**
 * `policies`: for each account lines of a policy without `p, NAME` at their beginning: `projects, get, *, allow`. `admin` with hawser's own
 * token is there besides.
 */
export async function openApi<N extends string>(
  ground: Ground,
  policies: Readonly<Record<N, readonly string[]>>,
): Promise<Record<N | 'machine', Ask>> {
  const names = Object.keys(policies) as N[];
  const configMap = (name: string, data: Record<string, string>) =>
    ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: ground.namespace },
      data,
    });
  await configMap('argocd-cm', Object.fromEntries(names.map((name) => [`accounts.${name}`, 'apiKey'])));
  const lines = names.flatMap((name) => policies[name].map((line) => `p, ${name}, ${line}`));
  await configMap('argocd-rbac-cm', { 'policy.csv': lines.join('\n') });
  const app = createApp(ground.hawser, appPlatform({ namespace: ground.namespace }));
  const askWith =
    (token: string): Ask =>
    async (method, path, body) => {
      const response = await app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
  const asks: Partial<Record<N | 'machine', Ask>> = { machine: askWith(TOKEN) } as Partial<Record<N | 'machine', Ask>>;
  for (const name of names) {
    const { status, body } = await askWith(TOKEN)('POST', `/api/v1/account/${name}/token`, {});
    const token = stringAt(body, 'token');
    if (!token) throw new Error(`no token for ${name}: ${status} ${JSON.stringify(body)}`);
    asks[name] = askWith(token);
  }
  return asks as Record<N | 'machine', Ask>;
}
