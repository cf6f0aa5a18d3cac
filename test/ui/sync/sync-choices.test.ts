// What one chooses for a sync: in the address, and as the server is asked for it.

import { describe, expect, it } from 'vitest';
import type { Application, SyncPolicy } from '../../../src/application/types.ts';
import {
  defaultChoices,
  isOptionOn,
  OPTION_SWITCHES,
  type OptionId,
  readChoices,
  type SyncChoices,
  syncBody,
  withOption,
  withPropagation,
  writeChoices,
} from '../../../src/ui/web/sync/sync-choices.ts';

const app = (syncPolicy: SyncPolicy = {}, more: Partial<Application['spec']> = {}): Application => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { project: 'default', destination: {}, source: { repoURL: 'r' }, syncPolicy, ...more },
  status: {
    resources: [
      { version: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'a', status: 'OutOfSync' },
      { version: 'v1', group: 'apps', kind: 'Deployment', namespace: 'n', name: 'b', status: 'Synced' },
      { version: 'v1', group: 'batch', kind: 'Job', namespace: 'n', name: 'h', status: 'OutOfSync', hook: true },
    ],
  },
});

/** The address as a view reads it. */
function queryOf(changes: ReturnType<typeof writeChoices>) {
  const texts = new Map(
    Object.entries(changes).flatMap(([key, value]) => {
      const text = typeof value === 'string' ? value : (value ?? []).join(',');
      return text === '' ? [] : [[key, text] as const];
    }),
  );
  return {
    get: (key: string) => texts.get(key),
    list: (key: string) => (texts.get(key) ?? '').split(',').filter(Boolean),
  };
}

describe('the choices of a sync', () => {
  it('begin as the Application is synced by itself', () => {
    const policy: SyncPolicy = {
      automated: { prune: true },
      syncOptions: ['CreateNamespace=true'],
      retry: { limit: 2 },
    };
    expect(defaultChoices(app(policy))).toMatchObject({
      prune: true,
      options: ['CreateNamespace=true'],
      retry: { limit: '2' },
    });
    expect(Object.values(writeChoices(app(policy), defaultChoices(app(policy)))).filter(Boolean)).toEqual([]);
  });

  it.each<[string, Partial<SyncChoices>]>([
    ['pruning', { prune: true }],
    ['flags', { dryRun: true, applyOnly: true, force: true }],
    ['a revision', { revisions: ['v1.2'] }],
    ['revisions of several sources', { revisions: ['', 'main'] }],
    ['no options where the spec has some', { options: [] }],
    ['other options', { options: ['Replace=true', 'PruneLast=true'] }],
    ['what differs', { resources: 'outOfSync' }],
    ['some objects', { resources: ['/ConfigMap/n/a', 'apps/Deployment/n/b'] }],
    ['no objects', { resources: [] }],
    ['attempts', { retry: { limit: '3', duration: '1s', factor: '', maxDuration: '1m' } }],
  ])('%s survive in the address', (_, changes) => {
    const one = app({ syncOptions: ['CreateNamespace=true'] });
    const choices = { ...defaultChoices(one), ...changes };
    expect(readChoices(one, queryOf(writeChoices(one, choices)))).toEqual(choices);
  });

  it.each<[string, Partial<SyncChoices>, object]>([
    ['nothing chosen', {}, { prune: false, syncOptions: [] }],
    ['a revision', { revisions: ['main'] }, { revision: 'main' }],
    ['applying alone', { applyOnly: true }, { strategy: { apply: {} } }],
    ['force with hooks', { force: true }, { strategy: { hook: { force: true } } }],
    ['force without hooks', { force: true, applyOnly: true }, { strategy: { apply: { force: true } } }],
    [
      'what differs, without hooks',
      { resources: 'outOfSync' },
      { resources: [{ kind: 'ConfigMap', namespace: 'n', name: 'a' }] },
    ],
    [
      'some objects',
      { resources: ['apps/Deployment/n/b', '/Namespace//x'] },
      {
        resources: [
          { group: 'apps', kind: 'Deployment', namespace: 'n', name: 'b' },
          { kind: 'Namespace', name: 'x' },
        ],
      },
    ],
    [
      'attempts',
      { retry: { limit: '3', duration: '1s', factor: '2', maxDuration: '' } },
      { retryStrategy: { limit: 3, backoff: { duration: '1s', factor: 2 } } },
    ],
  ])('with %s are asked for so', (_, changes, expected) => {
    const one = app();
    expect(syncBody(one, { ...defaultChoices(one), ...changes })).toMatchObject({
      appNamespace: 'argocd',
      ...expected,
    });
  });

  it('name the source of each revision where there are several', () => {
    const one = app({}, { sources: [{ repoURL: 'a' }, { repoURL: 'b' }] });
    expect(syncBody(one, { ...defaultChoices(one), revisions: ['', 'main'] })).toMatchObject({
      revisions: ['main'],
      sourcePositions: [2],
    });
  });
});

describe('a sync option', () => {
  const named = (id: OptionId) => OPTION_SWITCHES.find((one) => one.id === id) ?? OPTION_SWITCHES[0];
  it.each<[OptionId, readonly string[], boolean]>([
    ['createNamespace', [], false],
    ['createNamespace', ['CreateNamespace=true'], true],
    ['skipValidation', [], false],
    ['skipValidation', ['Validate=false'], true],
    ['serverSide', [], true],
    ['serverSide', ['ServerSideApply=false'], false],
  ])('%s is read of %j', (id, options, expected) => {
    const one = named(id);
    expect(one && isOptionOn(options, one)).toBe(expected);
    // Switching it twice brings back what was there, but for what says nothing.
    if (one) expect(isOptionOn(withOption(options, one, !expected), one)).toBe(!expected);
  });

  it('keeps its place, and leaves others alone', () => {
    const one = named('replace');
    const options = ['CreateNamespace=true', 'Replace=true', 'PruneLast=true'];
    expect(one && withOption(options, one, false)).toEqual(['CreateNamespace=true', 'PruneLast=true']);
    expect(withPropagation(options, 'orphan')).toEqual([...options, 'PrunePropagationPolicy=orphan']);
    expect(withPropagation(['PrunePropagationPolicy=orphan'], 'foreground')).toEqual([]);
  });
});
