// The webhooks of every Git server and registry: what each tells, and that it is asked for its proof.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import { SENDERS, type Sender, type SenderName, secretsOf } from '../support/webhook-senders.ts';
import { createRuntimeGround, type RuntimeGround } from './support/ground.ts';
import { HOOKS, type Hook, type Told, ZERO } from './support/hooks.ts';

const SECRET = 'secret-of-a-sender';
const NAMES = Object.keys(HOOKS) as (keyof typeof HOOKS)[];
const REGISTRIES = ['ghcr', 'harbor'] as const;

/** Of those that do not call a push `push`. */
const FIRST_EVENTS: Readonly<Record<string, string>> = {
  gitlab: 'Push Hook',
  bitbucket: 'repo:push',
  'bitbucket-server': 'repo:refs_changed',
};

let ground: RuntimeGround;
let repository: string;
let head: string;

beforeAll(async () => {
  const secrets = Object.assign({}, ...[...NAMES, ...REGISTRIES].map((name) => secretsOf(name, SECRET)));
  ground = await createRuntimeGround({ config: { 'argocd-secret': secrets } });
  const made = await ground.createRepository('devops/hooked', {
    'm/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: one}\n',
  });
  repository = `${ground.gitUrl}/devops/hooked`;
  head = made.refs.get('refs/heads/main') ?? '';
  const place = { repository: made, path: 'm', destinationNamespace: 'hooked', targetRevision: 'main' };
  await ground.createApplication({ ...place, name: 'hooked' });
  // The only address that a Bitbucket of one's own tells.
  await ground.patchApplication('hooked', { spec: { source: { repoURL: `${repository}.git` } } });
  await ground.sync('hooked');
});
afterAll(() => ground?.close());

interface Delivering {
  readonly secret?: string;
  readonly id?: string;
  readonly without?: string;
}

async function deliver(name: SenderName, { event, payload }: Told, { secret = SECRET, id, without }: Delivering = {}) {
  const body = JSON.stringify(payload);
  const sender: Sender = SENDERS[name];
  const headers = new Headers({ 'content-type': 'application/json', ...sender.headers(body, event, secret) });
  if (id !== undefined && sender.deliveryId) headers.set(sender.deliveryId, id);
  if (without !== undefined) headers.delete(without);
  const response = await fetch(`${ground.url}/api/webhook`, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as unknown };
}

describe.each(NAMES)('%s', (name) => {
  const hook: Hook = HOOKS[name];
  const change = (ref: string, after: string) =>
    hook.tell({ repository, ref, before: '1'.repeat(40), after: after === '' ? ZERO : after });
  const record = async (id: string) => (await ground.request('GET', `/api/deliveries/${id}`)).body;

  it('tells of a push, which is recorded and done', async () => {
    const id = crypto.randomUUID();
    const answer = await deliver(name, change('refs/heads/main', head), { id });
    expect(answer).toMatchObject({ status: 202, body: { deliveryId: id, applications: [{ name: 'hooked' }] } });
    await expect
      .poll(() => record(id))
      .toMatchObject({
        ...{ provider: name, ref: 'refs/heads/main', state: 'done' },
        repository: expect.stringContaining('/devops/hooked'),
        applications: [{ name: 'hooked', verdict: 'already deployed' }],
      });
  });

  it.each([
    ['a branch that was deleted', 'refs/heads/next', ''],
    ['a new tag', 'refs/tags/v1', 'a'.repeat(40)],
  ])('tells of %s, which the Application does not follow', async (_, ref, after) => {
    const answer = await deliver(name, change(ref, after));
    expect(answer).toMatchObject({
      status: 202,
      body: { ref, applications: [{ name: 'hooked', verdict: 'branch mismatch' }] },
    });
  });

  it(`is refused without ${hook.proof.header}`, async () => {
    const { header, status, told } = hook.proof;
    const answer = await deliver(name, change('refs/heads/main', head), { without: header });
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(told) } });
  });

  it('sends other events, which are refused by name or of no use', async () => {
    expect(await deliver(name, hook.other)).toMatchObject({ status: 400, body: { code: 3 } });
    for (const told of hook.idle) {
      const answer = await deliver(name, told);
      expect(answer).toMatchObject({ status: 200, body: { reason: expect.stringMatching(/./), applications: [] } });
    }
  });
});

describe('a wrong secret', () => {
  // The secrets that are known are read anew for it, once a second.
  it.concurrent.each([...NAMES, ...REGISTRIES])('is refused as one of %s', async (name) => {
    const answer = await deliver(name, { event: FIRST_EVENTS[name] ?? 'push', payload: {} }, { secret: 'a guess' });
    expect(answer).toMatchObject({ status: 401, body: { code: 16 } });
    expect(stringAt(answer.body, 'message')).toMatch(
      new RegExp(`^the ${name} webhook is refused: the signature does not match \\(the webhook's secret must equal`),
    );
  });
});

describe('a registry', () => {
  it.each([
    {
      name: 'ghcr',
      payload: {
        action: 'published',
        package: {
          ...{ name: 'web', package_type: 'CONTAINER', owner: { login: 'devops' } },
          package_version: { container_metadata: { tag: { name: '1.2.3' } } },
        },
      },
      idle: { action: 'updated', package: {} },
      told: 'oci://ghcr.io/devops/web',
    },
    {
      name: 'harbor',
      payload: {
        type: 'PUSH_ARTIFACT',
        event_data: {
          resources: [{ tag: '1.2.3', resource_url: 'harbor.example.com/devops/web:1.2.3' }],
          repository: { repo_full_name: 'devops/web' },
        },
      },
      idle: { type: 'PULL_ARTIFACT' },
      told: 'oci://harbor.example.com/devops/web',
    },
  ] as const)('$name tells of an artifact, and of what is none', async ({ name, payload, idle, told }) => {
    const answer = await deliver(name, { event: 'package', payload });
    expect(answer).toMatchObject({ status: 202, body: { repository: told, ref: '1.2.3', applications: [] } });
    expect(at(answer.body, 'reason')).toContain('no Application has');
    expect(await deliver(name, { event: 'package', payload: idle })).toMatchObject({ status: 200 });
  });
});

it('tells no secret in its log', () => {
  expect(ground.logs().join('\n')).not.toContain(SECRET);
});
