import { describe, expect, it } from 'vitest';
import { createCommand } from '../../../../src/ui/web/applications/new/command.ts';
import { editAll, type Path, parseDraft } from '../../../../src/ui/web/applications/new/draft.ts';
import { FINALIZER, RETRY } from '../../../../src/ui/web/applications/new/form-state.ts';
import { firstDraft } from '../../../../src/ui/web/applications/new/prefill.ts';

const VALUES: Readonly<Record<string, string>> = {
  ...{ name: 'web', repoURL: 'https://git.example.com/a/b', path: 'apps/web', destination: 'web' },
};

function commandOf(...changes: readonly (readonly [Path, unknown])[]): string {
  const { value = {} } = parseDraft(
    editAll(
      firstDraft((key) => VALUES[key], 'argocd'),
      changes,
    ),
  );
  return createCommand(value, 'argocd');
}

const PLAIN =
  'hawser app create web --project default --repo https://git.example.com/a/b --path apps/web --revision HEAD --dest-server https://kubernetes.default.svc --dest-namespace web --sync-option CreateNamespace=true';

describe('the command that makes the same Application', () => {
  it.each<[string, readonly (readonly [Path, unknown])[], string]>([
    ['an Application that is synced by hand', [], PLAIN],
    [
      'an automated one',
      [[['spec', 'syncPolicy', 'automated'], { prune: true, selfHeal: true }]],
      `${PLAIN} --sync-policy automated --auto-prune --self-heal`,
    ],
    ['one that is only automated', [[['spec', 'syncPolicy', 'automated'], {}]], `${PLAIN} --sync-policy automated`],
    [
      'retries',
      [[['spec', 'syncPolicy', 'retry'], RETRY]],
      `${PLAIN} --sync-retry-limit 5 --sync-retry-backoff-duration 5s --sync-retry-backoff-factor 2 --sync-retry-backoff-max-duration 3m`,
    ],
    ['a finalizer', [[['metadata', 'finalizers'], [FINALIZER]]], `${PLAIN} --set-finalizer`],
    ['another namespace', [[['metadata', 'namespace'], 'team']], `${PLAIN} --app-namespace team`],
    [
      'values files and parameters, quoted where they have to be',
      [[['spec', 'source', 'helm'], { valueFiles: ['a.yaml', 'b.yaml'], parameters: [{ name: 'a', value: "it's" }] }]],
      PLAIN.replace(' --dest-server', ` --values a.yaml --values b.yaml --helm-set 'a=it'\\''s' --dest-server`),
    ],
  ])('says %s by flags', (_, changes, expected) => {
    expect(commandOf(...changes)).toBe(expected);
  });

  it.each<[string, Path, unknown]>([
    ['several sources', ['spec', 'sources'], [{ repoURL: 'a', path: 'b' }]],
    ['values', ['spec', 'source', 'helm', 'values'], 'a: 1\n'],
    ['labels', ['metadata', 'labels'], { team: 'shop' }],
    ['what hawser does not know', ['spec', 'unknown'], 1],
  ])('takes a file for %s, which flags do not say', (_, path, value) => {
    expect(commandOf([path, value])).toBe('hawser app create -f application.yaml');
  });
});
