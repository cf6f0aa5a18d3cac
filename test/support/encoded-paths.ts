// Addresses as parts of paths, which clients write with %2F: the same cases for every runtime.

import { expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';

export interface EncodedPathsGround {
  /** Where hawser listens. */
  readonly url: string;
  readonly token: string;
  /** An open repository at this Git server. */
  readonly gitUrl: string;
}

export function describeEncodedPaths(ground: () => EncodedPathsGround): void {
  const ask = async (method: string, path: string, body?: unknown) => {
    const { url, token } = ground();
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };

  it('takes the address of a repository as one part of a path, and what follows it', async () => {
    const repo = `${ground().gitUrl}/devops/a%20b.git`;
    const path = `/api/v1/repositories/${encodeURIComponent(repo)}`;
    expect(await ask('POST', '/api/v1/repositories', { repo })).toMatchObject({ status: 200, body: { repo } });
    expect(await ask('GET', path)).toMatchObject({
      status: 200,
      body: { repo, connectionState: { status: 'Successful' } },
    });
    expect((await ask('GET', `${path}/refs`)).body).toEqual({ branches: ['main'], tags: [] });
    expect((await ask('POST', `${path}/validate`, repo)).status).toBe(200);
    expect((await ask('PUT', path, { name: 'a' })).status).toBe(200);
    expect((await ask('DELETE', path)).status).toBe(200);
    expect((await ask('GET', path)).status).toBe(403);
  });

  it('takes the address of a template of credentials so', async () => {
    const url = 'https://git.example.com/a+b/ä?x=1&y=%2F#z';
    const path = `/api/v1/repocreds/${encodeURIComponent(url)}`;
    await ask('POST', '/api/v1/repocreds', { url, username: 'a', password: 'b' });
    expect((await ask('PUT', path, { username: 'c' })).body).toEqual({ url });
    expect(at((await ask('GET', '/api/v1/repocreds')).body, 'items')).toEqual([
      { url, username: 'c', credentials: ['basic'] },
    ]);
    expect((await ask('DELETE', path)).status).toBe(200);
  });

  it('takes the address of a cluster so', async () => {
    const path = `/api/v1/clusters/${encodeURIComponent('https://kubernetes.default.svc')}`;
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { name: 'in-cluster' } });
    expect(await ask('POST', `${path}/invalidate-cache`)).toMatchObject({ status: 200, body: { name: 'in-cluster' } });
    expect((await ask('GET', '/api/v1/clusters/in-cluster?id.type=name')).status).toBe(200);
  });
}
