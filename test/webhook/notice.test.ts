import { describe, expect, it } from 'vitest';
import type { DriftMode } from '../../src/application/install-notices.ts';
import type { Advice } from '../../src/operation/drift-advice.ts';
import { isWorthAWake, type Notice } from '../../src/operation/notice.ts';
import { createDriftRoutes } from '../../src/webhook/drift-routes.ts';
import { createNoticeHandler } from '../../src/webhook/notice.ts';

const application = (more: object = {}, metadata: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'a', namespace: 'argocd', uid: '1', ...metadata },
  spec: { project: 'default' },
  ...more,
});

const SKIP = 'argocd.argoproj.io/skip-reconcile';

const phase = (name: string) => ({ status: { operationState: { phase: name } } });

const WARNING: Advice = { warnings: ['change it in Git'] };

function post(body: unknown, path = '/notice', method = 'POST', advice: Advice = { warnings: [] }) {
  const heard: Notice[] = [];
  const modes: DriftMode[] = [];
  const handle = createNoticeHandler({
    notice: (notice) => heard.push(notice),
    advise: (_, mode) => {
      modes.push(mode);
      return advice;
    },
  });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = new Request(`https://hawser.test${path}`, { method, ...(method === 'POST' && { body: text }) });
  return handle(request).then(async (response) => ({
    status: response.status,
    text: await response.text(),
    heard,
    modes,
  }));
}

const creation = { uid: 'u', operation: 'CREATE', object: application() };
const review = (response: object) => ({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response });

describe('the endpoint of admission notices', () => {
  it('allows what it is told of, and hands it on', async () => {
    const { status, text, heard } = await post({ request: creation });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual(review({ uid: 'u', allowed: true }));
    expect(heard).toEqual([{ operation: 'CREATE', object: application() }]);
  });

  it('says who writes, with which tool, and by which secret it was told', async () => {
    const userInfo = { username: 'kim', groups: ['devops'] };
    const update = { ...creation, operation: 'UPDATE', userInfo, options: { fieldManager: 'kubectl-edit' } };
    const { heard } = await post({ request: update }, '/api/drift/s3cret');
    expect(heard).toEqual([
      {
        ...{ operation: 'UPDATE', object: application(), secret: 's3cret' },
        writer: { username: 'kim', manager: 'kubectl-edit' },
      },
    ]);
  });

  it('passes warnings on, for dry runs, too, of which nothing follows', async () => {
    const { text, heard } = await post({ request: { ...creation, dryRun: true } }, '/api/drift', 'POST', WARNING);
    expect(JSON.parse(text)).toEqual(review({ uid: 'u', allowed: true, ...WARNING }));
    expect(heard).toEqual([]);
  });

  it('passes a refusal on as 403', async () => {
    const refusal = { refusal: 'not here', warnings: [] };
    const { text, modes, heard } = await post({ request: creation }, '/api/drift/s/enforce', 'POST', refusal);
    const status = { code: 403, reason: 'Forbidden', message: 'not here' };
    expect(JSON.parse(text)).toEqual(review({ uid: 'u', allowed: false, status }));
    expect(modes).toEqual(['enforce']);
    expect(heard).toMatchObject([{ isRefused: true }]);
  });

  it.each(['CONNECT', 'NONSENSE', undefined])('allows the operation %s, and does nothing', async (operation) => {
    const { status, heard } = await post({ request: { uid: 'u', operation } });
    expect(status).toBe(200);
    expect(heard).toEqual([]);
  });

  it('tells the Scale of an object from the object', async () => {
    const resource = { group: 'apps', version: 'v1', resource: 'deployments' };
    const { heard } = await post({ request: { ...creation, operation: 'UPDATE', resource, subResource: 'scale' } });
    expect(heard).toMatchObject([{ scaled: { group: 'apps', plural: 'deployments' } }]);
  });

  it.each([
    ['no JSON', '{', '/notice', 'POST', 400],
    ['no review', { kind: 'Pod' }, '/notice', 'POST', 400],
    ['a review without a uid', { request: { operation: 'CREATE' } }, '/notice', 'POST', 400],
    ['another method', '', '/notice', 'GET', 405],
    ['another path', {}, '/', 'POST', 404],
    ['a path that only begins so', {}, '/notices', 'POST', 404],
    ['a mode that there is not', {}, '/api/drift/s/warm', 'POST', 404],
  ])('refuses %s', async (_, body, path, method, status) => {
    const answer = await post(body, path, method);
    expect(answer.status).toBe(status);
    expect(answer.heard).toEqual([]);
  });
});

describe('the same on the port of the app', () => {
  const heard: Notice[] = [];
  const app = createDriftRoutes({
    notice: (notice) => heard.push(notice),
    advise: () => ({ warnings: [] }),
    isNoticeSecret: async (given) => given === 'right',
  });

  it.each([
    ['/api/drift/right', 200],
    ['/api/drift/right/enforce', 200],
    ['/notice/right', 200],
    ['/api/drift/wrong', 404],
    ['/api/drift', 404],
    ['/notice', 404],
  ])('%s is answered %i', async (path, status) => {
    heard.length = 0;
    const response = await app.request(path, { method: 'POST', body: JSON.stringify({ request: creation }) });
    expect(response.status).toBe(status);
    expect(heard).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('what is worth a wake', () => {
  const refresh = { annotations: { 'argocd.argoproj.io/refresh': 'normal' } };
  const update = (object: object, before: object) =>
    isWorthAWake({ operation: 'UPDATE', object: application(object), before: application(before) });

  it.each([
    ['another spec', application({ spec: { project: 'other' } }), application(), true],
    ['an operation', application({ operation: { sync: {} } }), application(), true],
    ['an operation taken up', application(), application({ operation: { sync: {} } }), false],
    ['a status', application({ status: { sync: {} } }), application(), false],
    ['the end of an operation asked for', application(phase('Terminating')), application(phase('Running')), true],
    ['a step of an operation', application(phase('Running')), application(), false],
    ['a refresh asked for', application({}, refresh), application(), true],
    ['a refresh done', application(), application({}, refresh), false],
    ['a refresh still asked for', application({}, refresh), application({}, refresh), false],
    ['the mark of a deletion', application({}, { deletionTimestamp: 'now' }), application(), true],
    ['a label', application({}, { labels: { a: 'b' } }), application(), false],
    ['the glass broken', application({}, { annotations: { 'hawser.dev/break-glass': 'x' } }), application(), true],
    ['an end of skip-reconcile', application(), application({}, { annotations: { [SKIP]: 'true' } }), true],
    ['the glass mended', application(), application({}, { annotations: { 'hawser.dev/break-glass': 'x' } }), true],
  ])('%s', (_, object, before, expected) => {
    expect(isWorthAWake({ operation: 'UPDATE', object, before })).toBe(expected);
  });

  it('a changed Secret, and not one that is written as it was', () => {
    const secret = (data: object, resourceVersion: string) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', data },
      metadata: { name: 's', namespace: 'argocd', resourceVersion },
    });
    const wakes = (object: object, before: object) =>
      isWorthAWake({ operation: 'UPDATE', object, before } as unknown as Notice);
    expect(wakes(secret({ a: 'Yg==' }, '2'), secret({ a: 'Yw==' }, '1'))).toBe(true);
    expect(wakes(secret({ a: 'Yg==' }, '2'), secret({ a: 'Yg==' }, '1'))).toBe(false);
  });

  it('a new and a deleted object', () => {
    expect(update({}, {})).toBe(false);
    expect(isWorthAWake({ operation: 'CREATE', object: application() })).toBe(true);
    expect(isWorthAWake({ operation: 'DELETE', before: application() })).toBe(true);
  });
});
