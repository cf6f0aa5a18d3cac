// Every way into a real API server that a kubeconfig knows: client certificate, bearer token, exec plugin, contexts.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../support/control-plane.ts';

const missing = missingControlPlane();
if (missing) console.warn(`SKIPPED: kubeconfigs against a real API server: ${missing}`);

interface Kubeconfig {
  'current-context': string;
  clusters: { name: string; cluster: Record<string, unknown> }[];
  users: { name: string; user: Record<string, unknown> }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
}

describe.skipIf(missing)('a kubeconfig', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  });
  afterAll(() => plane?.stop());

  function variant(name: string, change: (config: Kubeconfig) => void): string {
    const config = JSON.parse(readFileSync(plane.tokenKubeconfig, 'utf8')) as Kubeconfig;
    change(config);
    const path = join(plane.folder, `${name}.kubeconfig`);
    writeFileSync(path, JSON.stringify(config));
    return path;
  }
  const namespacesBy = async (kubeconfig: string, context?: string) => {
    const transport = await connectKubeconfig({ kubeconfig, ...(context && { context }) });
    const response = await transport.fetch('/api/v1/namespaces');
    await response.body?.cancel();
    return response.status;
  };
  const refusalOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return isHawserError(error) ? `${error.code}: ${error.message} (${error.hint})` : error;
  };

  it('with a client certificate and a private CA is let in', async () => {
    expect(await namespacesBy(plane.kubeconfig)).toBe(200);
  });

  it('with a bearer token is let in', async () => {
    expect(await namespacesBy(plane.tokenKubeconfig)).toBe(200);
  });

  it('with an exec plugin is let in, and the plugin is not run for every request', async () => {
    const counter = join(plane.folder, 'runs');
    const plugin = join(plane.folder, 'plugin.sh');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'hawser-test-token', expirationTimestamp: '2099-01-01T00:00:00Z' },
    };
    writeFileSync(plugin, `#!/bin/sh\necho run >> ${counter}\necho '${JSON.stringify(credential)}'\n`);
    chmodSync(plugin, 0o755);
    const path = variant('exec', ({ users }) => {
      users[0] = {
        name: 'admin',
        user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' } },
      };
    });
    const transport = await connectKubeconfig({ kubeconfig: path });
    for (let index = 0; index < 5; index++) {
      const response = await transport.fetch('/version');
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    expect(readFileSync(counter, 'utf8').trim().split('\n').length).toBe(1);
  });

  it('with an exec plugin that fails says which command to try by hand', async () => {
    const path = variant('broken', ({ users }) => {
      users[0] = {
        name: 'admin',
        user: {
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'nosuch-plugin', interactiveMode: 'Never' },
        },
      };
    });
    const transport = await connectKubeconfig({ kubeconfig: path });
    expect(await refusalOf(transport.fetch('/version'))).toContain('nosuch-plugin');
  });

  it('uses the context that is named', async () => {
    const path = variant('contexts', (config) => {
      config.users.push({ name: 'nobody', user: { token: 'wrong' } });
      config.contexts.push({ name: 'other', context: { cluster: 'test', user: 'nobody' } });
    });
    expect(await namespacesBy(path)).toBe(200);
    expect(await namespacesBy(path, 'other')).toBe(401);
    expect(await refusalOf(namespacesBy(path, 'nosuch'))).toContain(
      'the kubeconfig has no context nosuch (it has test, other)',
    );
  });

  it('that trusts another CA is refused before anything is sent', async () => {
    const path = variant('untrusted', ({ clusters }) => {
      if (clusters[0]) delete clusters[0].cluster['certificate-authority-data'];
    });
    const transport = await connectKubeconfig({ kubeconfig: path });
    await expect(transport.fetch('/version')).rejects.toThrow();
  });
});
