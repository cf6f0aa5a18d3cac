import { describe, expect, it } from 'vitest';
import { formatExport, type Installation } from '../../src/application/export.ts';
import { type ImportOptions, parseExport, planImport, planTakeOver } from '../../src/application/import-plan.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { argoExport } from '../support/argo-export.ts';

const installation: Installation = { namespace: 'argocd', applicationNamespaces: [], applicationSetNamespaces: [] };
const TEXT = argoExport({ repoURL: 'https://git.example.com/shop.git', path: 'deploy' });
const parse = (text = TEXT) => parseExport(text, 'argocd', 'export.yaml');
const plan = (objects: readonly KubeObject[], live: readonly KubeObject[], more: Partial<ImportOptions> = {}) =>
  planImport(objects, live, { installation, ...more });

function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`there is no ${kind} ${name}`);
  return structuredClone(found);
}

function change(object: KubeObject, edit: (copy: KubeObject) => void): KubeObject {
  const copy = structuredClone(object);
  edit(copy);
  return copy;
}

const application = (edit: (copy: KubeObject) => void = () => undefined) =>
  change(find(parse(), 'Application', 'shop'), edit);

describe('the format of an export', () => {
  it('is what Argo CD writes: the same objects give the same bytes', () => {
    expect(formatExport(parse(), installation)).toBe(TEXT);
  });

  it('keeps of metadata what people wrote, and a namespace only where it is another one', () => {
    const elsewhere = application((copy) => {
      copy.metadata.namespace = 'team-a';
      copy.metadata.uid = 'u';
      copy.metadata.resourceVersion = '7';
      copy.metadata.managedFields = [{ manager: 'argocd-controller' }];
    });
    const text = formatExport([elsewhere], { ...installation, applicationNamespaces: ['team-*'] });
    expect(text).toContain('  name: shop\n  namespace: team-a\n');
    expect(text).not.toMatch(/uid|resourceVersion|managedFields/);
    expect(formatExport([elsewhere], installation)).toBe('');
  });

  it.each([
    ['a ConfigMap of somebody else', { kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'argocd' } }],
    [
      'a Secret without a label',
      { kind: 'Secret', metadata: { name: 'argocd-notifications-secret', namespace: 'argocd' } },
    ],
    ['a Secret of another namespace', { kind: 'Secret', metadata: { name: 'argocd-secret', namespace: 'team-a' } }],
  ])('leaves out %s', (_, object) => {
    expect(formatExport([{ apiVersion: 'v1', ...object }], installation)).toBe('');
  });
});

describe('reading an export', () => {
  it.each([
    ['another kind', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n', 'export.yaml, document 1 has a Pod a'],
    [
      'the same kind of another group',
      'apiVersion: app.k8s.io/v1\nkind: Application\nmetadata: {name: a}\n',
      'has a Application a',
    ],
    ['no object', '- a\n', 'document 1 has no object'],
    ['no YAML', 'a: [\n', 'export.yaml is no YAML'],
  ])('refuses %s and says where', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('puts what others need first, in whatever order the file has them', () => {
    const backwards = TEXT.split('---\n').reverse().join('---\n');
    expect(parse(backwards).map(({ kind }) => kind)).toEqual(parse().map(({ kind }) => kind));
  });

  it('takes the stringData of a Secret that somebody wrote by hand', () => {
    const [secret] = parse('apiVersion: v1\nkind: Secret\nmetadata: {name: argocd-secret}\nstringData: {a: ü}\n');
    expect(secret).toMatchObject({ data: { a: 'w7w=' } });
    expect(secret?.stringData).toBeUndefined();
  });
});

describe('the plan of an import', () => {
  it('makes what is not there, without an operation that ran elsewhere', () => {
    const steps = plan(parse(), []);
    expect(new Set(steps.map(({ action }) => action))).toEqual(new Set(['create']));
    const step = steps.find(({ key }) => key.kind === 'Application');
    expect(step?.notes).toEqual([
      'the operation that was asked for is not taken over',
      'the operation that was running is not taken over',
    ]);
    expect(step?.object.operation).toBeUndefined();
    expect(step?.object.status).toMatchObject({ resources: [{ name: 'settings' }], history: [{ id: 7 }] });
    expect(step?.object.status).not.toHaveProperty('operationState');
  });

  it('changes nothing the second time', () => {
    const made = plan(parse(), []).map(({ object }) => object);
    expect(plan(parse(), made).filter(({ action }) => action !== 'unchanged')).toEqual([]);
  });

  const rows: readonly (readonly [string, (copy: KubeObject) => void, string])[] = [
    [
      'a status that hawser wrote since',
      (copy) => {
        copy.status = { sync: { status: 'OutOfSync' }, reconciledAt: '2026-02-01T00:00:00Z', resources: [] };
      },
      'unchanged',
    ],
    [
      'a refresh that is asked for, and what was notified of',
      (copy) => {
        copy.metadata.annotations = {
          ...copy.metadata.annotations,
          'argocd.argoproj.io/refresh': 'hard',
          'notified.notifications.argoproj.io': '{}',
        };
      },
      'unchanged',
    ],
    [
      'a finalizer of deletion hooks',
      (copy) => {
        copy.metadata.finalizers?.push('post-delete-finalizer.argocd.argoproj.io');
      },
      'unchanged',
    ],
    [
      'what kubectl applied',
      (copy) =>
        Object.assign(copy.metadata.annotations ?? {}, { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }),
      'unchanged',
    ],
    ['another label', (copy) => Object.assign(copy.metadata, { labels: { team: 'other' } }), 'update'],
    ['no finalizer', (copy) => Object.assign(copy.metadata, { finalizers: [] }), 'update'],
    ['another spec', (copy) => Object.assign(copy, { spec: { project: 'other' } }), 'update'],
    ['no status yet', (copy) => Object.assign(copy, { status: {} }), 'update'],
    [
      'a status that is older than the file',
      (copy) => Object.assign(copy, { status: { sync: {}, reconciledAt: '2025-01-01T00:00:00Z' } }),
      'update',
    ],
  ];
  it.each(rows)('finds that an Application with %s is to be %s', (_, edit, action) => {
    const [made] = plan([application()], []);
    const live = change(made?.object ?? application(), edit);
    const [step] = plan([application()], [live]);
    expect(step?.action).toBe(action.replace('to be ', ''));
  });

  it('never puts a status over a newer one', () => {
    const live = application((copy) => {
      copy.spec = { project: 'other' };
      copy.status = { sync: { status: 'Synced' }, reconciledAt: '2026-03-01T00:00:00Z', resources: [{ name: 'new' }] };
    });
    const [step] = plan([application()], [live]);
    expect(step).toMatchObject({ action: 'update', object: { status: { resources: [{ name: 'new' }] } } });
  });

  it('keeps of argocd-secret what this server made for itself, and nothing else that the file lacks', () => {
    const file = find(parse(), 'Secret', 'argocd-secret');
    const live = change(file, (copy) => {
      copy.data = { 'hawser.token': 'dA==', 'server.secretkey': 'b3RoZXI=', 'webhook.gogs.secret': 'b2xk' };
    });
    const [step] = plan([file], [live]);
    expect(step?.object.data).toEqual({ 'hawser.token': 'dA==', ...(file.data as object) });
    const [again] = plan([file], [step?.object ?? file]);
    expect(again?.action).toBe('unchanged');
  });

  it('takes running operations away where that is asked for', () => {
    const live = change(plan([application()], [])[0]?.object ?? application(), (copy) => {
      copy.operation = { sync: {} };
    });
    expect(plan([application()], [live])[0]?.action).toBe('unchanged');
    const [step] = plan([application()], [live], { stopOperation: true });
    expect(step?.action).toBe('update');
    expect(step?.object.operation).toBeUndefined();
  });

  it('passes over what has the label, what lies elsewhere, and what comes twice', () => {
    const elsewhere = application((copy) => {
      copy.metadata.namespace = 'team-a';
    });
    const labelled = application((copy) => {
      copy.metadata.name = 'other';
      copy.metadata.labels = { 'example.com/skip': 'yes' };
    });
    const steps = plan([elsewhere, labelled, application(), application()], [], {
      skipLabel: { key: 'example.com/skip', value: 'yes' },
    });
    expect(steps.map(({ action }) => action)).toEqual(['skip', 'skip', 'create', 'skip']);
    const permitted = { installation: { ...installation, applicationNamespaces: ['team-*'] } };
    expect(plan([elsewhere], [], permitted)[0]?.action).toBe('create');
  });

  it.each([
    [false, 'needs-pruning'],
    [true, 'prune'],
  ])('finds what the file does not have; with prune %s it %s', (prune, action) => {
    const live = [application(), find(parse(), 'ConfigMap', 'argocd-cm')];
    const steps = plan([find(parse(), 'ConfigMap', 'argocd-cm')], live, { prune });
    expect(steps.map((step) => `${step.key.kind} ${step.action}`)).toEqual([
      'ConfigMap unchanged',
      `Application ${action}`,
    ]);
  });

  it('leaves the tracking of a managed object alone where that is asked for', () => {
    const id = 'argocd.argoproj.io/tracking-id';
    const tracked = (value: string) =>
      application((copy) => {
        copy.metadata.annotations = { [id]: value };
        copy.metadata.labels = { 'app.kubernetes.io/instance': value };
        delete copy.operation;
        copy.status = {};
      });
    expect(plan([tracked('old')], [tracked('new')])[0]?.action).toBe('update');
    expect(plan([tracked('old')], [tracked('new')], { ignoreTracking: true })[0]?.action).toBe('unchanged');
  });
});

describe('taking Applications over where they are', () => {
  it('drops what was running, and leaves all else', () => {
    const calm = plan([application()], [])[0]?.object ?? application();
    const steps = planTakeOver([calm, application((copy) => Object.assign(copy.metadata, { name: 'busy' }))]);
    expect(steps.map(({ key, action }) => `${key.name} ${action}`)).toEqual(['shop unchanged', 'busy update']);
    expect(steps[1]?.object.operation).toBeUndefined();
  });
});
