// /api/badge: health and sync status as an image, in Argo CD's words and colours, where argocd-cm permits it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawBadge } from '../../src/api/badge.ts';
import { type AccountGround, createAccountGround } from '../support/account-ground.ts';

let here: AccountGround;
let commit: string;
beforeAll(async () => {
  here = await createAccountGround();
  const { ground } = here;
  const repository = await ground.createRepository('devops/app', {
    'm/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n',
  });
  await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } });
  for (const name of ['synced', 'outofsync']) {
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: 'app' });
    await ground.refresh(name);
  }
  const { status } = await ground.sync('synced');
  commit = status.sync?.revision ?? '';
});
afterAll(() => here.close());

const enable = (value: string) => here.set('argocd-cm', { 'statusbadge.enabled': value });

/** Whoever asks has no token. */
async function badge(query: string) {
  const answer = await here.request('GET', `/api/badge?${query}`);
  const svg = await answer.text();
  const text = (id: string) => new RegExp(`id="${id}Text"[^>]*>([^<]*)<`).exec(svg)?.[1];
  const fill = (id: string) => new RegExp(`id="${id}Rect" fill="([^"]*)"`).exec(svg)?.[1];
  const size = /^<svg width="(\d+)" height="(\d+)"/.exec(svg)?.slice(1);
  return { status: answer.status, headers: answer.headers, svg, text, fill, size };
}

const GREEN = 'rgb(11, 97, 42)';
const ORANGE = 'rgb(189, 115, 0)';
const PURPLE = 'rgb(115, 31, 77)';
const RED = 'rgb(167, 46, 38)';

describe('the status badge', () => {
  it('knows nothing as long as it is not switched on', async () => {
    const { status, text, headers } = await badge('name=synced');
    expect([status, text('left'), text('right')]).toEqual([200, 'Unknown', 'Unknown']);
    expect(headers.get('content-type')).toBe('image/svg+xml');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each([
    ['name=synced', 'Healthy', GREEN, 'Synced', GREEN],
    ['name=outofsync', 'Missing', PURPLE, 'OutOfSync', ORANGE],
    ['name=nosuch', 'Not Found', undefined, '', undefined],
    ['name=synced&namespace=kube-system', 'Not Found', undefined, '', undefined],
    ['name=synced&namespace=argocd', 'Healthy', GREEN, 'Synced', GREEN],
    ['project=default', 'Degraded', RED, 'OutOfSync', ORANGE],
    ['project=nosuch', 'Unknown', PURPLE, 'Unknown', PURPLE],
    ['', 'Unknown', PURPLE, 'Unknown', PURPLE],
  ])('?%s', async (query, left, leftFill, right, rightFill) => {
    await enable('true');
    const shown = await badge(query);
    expect([shown.text('left'), shown.text('right')]).toEqual([left, right]);
    if (leftFill) expect([shown.fill('left'), shown.fill('right')]).toEqual([leftFill, rightFill]);
    expect(shown.size).toEqual(['131', '20']);
  });

  it('shows revision and name where they are asked for, in Argo CD’s sizes', async () => {
    await enable('true');
    const short = await badge('name=synced&revision=true');
    expect([short.text('revision'), short.size]).toEqual([`(${commit.slice(0, 7)})`, ['192', '20']]);
    const whole = await badge('name=synced&revision=true&keepFullRevision=true');
    expect([whole.text('revision'), whole.size]).toEqual([`(${commit})`, ['400', '20']]);
    const titled = await badge('name=synced&showAppName=true&width=300');
    expect([titled.text('title'), titled.size]).toEqual(['synced', ['300', '40']]);
  });

  it.each(['name=../x', 'name=%3Cscript%3E', 'name=synced&namespace=A%20B', 'project=%22'])(
    '?%s is refused',
    async (query) => {
      await enable('true');
      expect((await badge(query)).status).toBe(400);
    },
  );

  it('has a colour for each status, and no markup of others', () => {
    expect(drawBadge({ left: 'Degraded', right: 'Unknown' })).toContain(`fill="${RED}"`);
    expect(drawBadge({ left: 'Progressing', right: 'Synced' })).toContain('fill="rgb(16, 61, 102)"');
    const odd = drawBadge({ left: '<script>', right: 'a"&b', title: '</svg>' });
    expect(odd).not.toContain('<script>');
    expect(odd.match(/<\/svg>/g)).toHaveLength(1);
  });
});
