import { describe, expect, it } from 'vitest';
import { isWorthAWake, type Notice } from '../../src/operation/notice.ts';
import { createNoticeHandler } from '../../src/webhook/notice.ts';

const application = (more: object = {}, metadata: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'a', namespace: 'argocd', uid: '1', ...metadata },
  spec: { project: 'default' },
  ...more,
});

const phase = (name: string) => ({ status: { operationState: { phase: name } } });

function post(body: unknown, path = '/notice', method = 'POST') {
  const heard: Notice[] = [];
  const handle = createNoticeHandler((notice) => heard.push(notice));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = new Request(`https://hawser.test${path}`, { method, ...(method === 'POST' && { body: text }) });
  return handle(request).then(async (response) => ({ status: response.status, text: await response.text(), heard }));
}

describe('the endpoint of admission notices', () => {
  it('allows what it is told of, and hands it on', async () => {
    const { status, text, heard } = await post({ request: { uid: 'u', operation: 'CREATE', object: application() } });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'u', allowed: true },
    });
    expect(heard).toEqual([{ operation: 'CREATE', object: application() }]);
  });

  it.each([
    ['a dry run', { uid: 'u', operation: 'CREATE', object: application(), dryRun: true }],
    ['a connection to a Pod', { uid: 'u', operation: 'CONNECT' }],
  ])('allows %s, and does nothing', async (_, request) => {
    const { status, heard } = await post({ request });
    expect(status).toBe(200);
    expect(heard).toEqual([]);
  });

  it.each([
    ['no JSON', '{', '/notice', 'POST', 400],
    ['no review', { kind: 'Pod' }, '/notice', 'POST', 400],
    ['a review without a uid', { request: { operation: 'CREATE' } }, '/notice', 'POST', 400],
    ['another method', '', '/notice', 'GET', 405],
    ['another path', {}, '/', 'POST', 404],
  ])('refuses %s', async (_, body, path, method, status) => {
    const answer = await post(body, path, method);
    expect(answer.status).toBe(status);
    expect(answer.heard).toEqual([]);
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
