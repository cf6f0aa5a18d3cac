// What a Worker is told by variables means what the same flags of `hawser serve` mean, and an error says which variable is wrong.

import { describe, expect, it } from 'vitest';
import { readServeFlags } from '../../src/cli/serve-flags.ts';
import { readVariables, type Variables } from '../../src/worker/settings.ts';

const SAME: readonly (readonly [readonly string[], Variables])[] = [
  [[], { HAWSER_LOOPBACK: 'true' }],
  [['--namespace', 'gitops'], { HAWSER_LOOPBACK: true, HAWSER_NAMESPACE: 'gitops' }],
  [['--host', '0.0.0.0'], {}],
  [['--host', '0.0.0.0'], { HAWSER_LOOPBACK: 'false', HAWSER_ALONGSIDE: '', HAWSER_NAMESPACE: ' ' }],
  [
    ['--external-url', 'https://hawser.example.com/'],
    { HAWSER_LOOPBACK: 'TRUE', HAWSER_EXTERNAL_URL: 'https://hawser.example.com/' },
  ],
  [['--insecure-webhooks'], { HAWSER_LOOPBACK: 'true', HAWSER_INSECURE_WEBHOOKS: 'true' }],
  [['--alongside'], { HAWSER_LOOPBACK: 'true', HAWSER_ALONGSIDE: true }],
  [
    ['--peers', 'https://one.example.com,https://two.example.com/'],
    { HAWSER_LOOPBACK: 'true', HAWSER_PEERS: 'https://one.example.com, https://two.example.com/' },
  ],
  [['--peers', 'https://one.example.com'], { HAWSER_LOOPBACK: 'true', HAWSER_PEERS: ['https://one.example.com'] }],
  [['--enable-k8s-event', 'none'], { HAWSER_LOOPBACK: 'true', HAWSER_EVENTS: 'none' }],
  [['--enable-k8s-event', 'all'], { HAWSER_LOOPBACK: 'true', ARGOCD_ENABLE_K8S_EVENT: 'all' }],
  [
    ['--enable-k8s-event', 'ResourceUpdated'],
    { HAWSER_LOOPBACK: 'true', HAWSER_EVENTS: ['ResourceUpdated'], ARGOCD_ENABLE_K8S_EVENT: 'all' },
  ],
  [
    ['--metrics-application-conditions', 'SyncError,OrphanedResourceWarning', '--metrics-application-labels', 'team'],
    {
      HAWSER_LOOPBACK: 'true',
      HAWSER_METRICS_CONDITIONS: 'SyncError,OrphanedResourceWarning',
      HAWSER_METRICS_LABELS: ['team'],
    },
  ],
];

const WRONG: readonly (readonly [Variables, string])[] = [
  [{ HAWSER_NAMESPACE: 'Not A Name' }, 'HAWSER_NAMESPACE Not A Name is no name of a namespace'],
  [{ HAWSER_NAMESPACE: { name: 'argocd' } }, 'HAWSER_NAMESPACE is no text'],
  [{ HAWSER_EXTERNAL_URL: 'hawser.example.com' }, 'HAWSER_EXTERNAL_URL hawser.example.com is no address'],
  [{ HAWSER_LOOPBACK: 'yes' }, 'HAWSER_LOOPBACK yes is neither true nor false'],
  [{ HAWSER_INSECURE_WEBHOOKS: '1' }, 'HAWSER_INSECURE_WEBHOOKS 1 is neither true nor false'],
  [{ HAWSER_ALONGSIDE: 1 }, 'HAWSER_ALONGSIDE is no text'],
  [{ HAWSER_PEERS: 'https://one.example.com,two' }, 'HAWSER_PEERS two is no address'],
  [{ HAWSER_PEERS: [['https://one.example.com']] }, 'HAWSER_PEERS is no text'],
  [{ HAWSER_LOG_LEVEL: 'loud' }, 'HAWSER_LOG_LEVEL loud is none of debug, info, warn, error'],
];

describe('the variables of a Worker', () => {
  it.each(SAME)('mean what %j means to hawser serve: %j', (flags, variables) => {
    const served = readServeFlags(flags, {});
    if (served === 'help') throw new Error('no help was asked for');
    expect(readVariables(variables).settings).toEqual(served.settings);
  });

  it.each([
    [{}, 'info'],
    [{ HAWSER_LOG_LEVEL: 'Debug' }, 'debug'],
  ] as const)('choose with %j the log level %s', (variables, level) => {
    expect(readVariables(variables).logLevel).toBe(level);
  });

  it.each(WRONG)('are refused by name: %j', (variables, message) => {
    expect(() => readVariables(variables)).toThrow(expect.objectContaining({ code: 'InvalidInput', message }));
  });
});
