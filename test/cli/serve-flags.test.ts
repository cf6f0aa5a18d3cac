// The flags of hawser serve, as what the server is put together from.

import { describe, expect, it } from 'vitest';
import { readServeFlags } from '../../src/cli/serve-flags.ts';

function read(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const flags = readServeFlags(args, env);
  if (flags === 'help') throw new Error('the help was asked for');
  return flags;
}

describe('the flags of hawser serve', () => {
  it('say by themselves: loopback, plain HTTP, everything of the cluster', () => {
    expect(read([])).toEqual({
      cluster: {},
      host: '127.0.0.1',
      port: 8080,
      log: {},
      settings: {
        namespace: 'argocd',
        loopback: true,
        insecureWebhooks: false,
        metrics: { conditions: [], labels: [] },
      },
    });
  });

  it.each([
    [['--metrics-port', '0'], { metricsPort: 0 }],
    [['--tls-cert', 'a', '--tls-key', 'b'], { tls: { cert: 'a', key: 'b' } }],
    [['--log-format', 'JSON', '--log-level', 'warn'], { log: { format: 'json', level: 'warn' } }],
    [['--apps', 'dir'], { apps: 'dir' }],
    [['--alongside'], { settings: { alongside: true } }],
    [['--host', '0.0.0.0'], { settings: { loopback: false } }],
    [['--enable-k8s-event', 'none'], { settings: { events: ['none'] } }],
    [
      ['--enable-k8s-event', 'StatusRefreshed,ResourceCreated', '--enable-k8s-event', 'ResourceUpdated'],
      { settings: { events: ['StatusRefreshed', 'ResourceCreated', 'ResourceUpdated'] } },
    ],
    [
      ['--metrics-application-labels', 'team, tier', '--metrics-application-conditions', 'SyncError'],
      { settings: { metrics: { labels: ['team', 'tier'], conditions: ['SyncError'] } } },
    ],
  ])('take %j', (args, wanted) => {
    expect(read(args)).toMatchObject(wanted);
  });

  it('take from the environment what Argo CD takes from there, and the token', () => {
    const env = { ARGOCD_ENABLE_K8S_EVENT: 'none', HAWSER_TOKEN: 'given' };
    expect(read([], env).settings).toMatchObject({ events: ['none'], token: 'given' });
    expect(read(['--enable-k8s-event', 'all'], env).settings.events).toEqual(['all']);
  });

  it.each([
    [['--metrics-port', 'http'], '--metrics-port http is no port number'],
    [['--log-format', 'xml'], '--log-format xml is none of text, json'],
    [['--log-level', 'loud'], '--log-level loud is none of debug, info, warn, error'],
    [['--tls-key', 'b'], '--tls-cert is missing'],
    [['--apps', 'dir', '--alongside'], '--alongside has no meaning with --apps'],
    [['--apps', 'dir', '--peers', 'http://a'], '--peers has no meaning with --apps'],
  ])('refuse %j', (args, message) => {
    expect(() => read(args)).toThrow(message);
  });
});
