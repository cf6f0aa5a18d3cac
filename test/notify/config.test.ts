import { describe, expect, it } from 'vitest';
import { DEFAULT_TEMPLATES, DEFAULT_TRIGGERS } from '../../src/notify/catalog.ts';
import { parseNotificationConfig } from '../../src/notify/config.ts';
import { fillIn } from '../../src/notify/message.ts';
import { formatState, isTold, parseState, stateKey } from '../../src/notify/state.ts';
import { runTrigger } from '../../src/notify/trigger.ts';
import { type VariablesInput, variablesOf } from '../../src/notify/variables.ts';

const ENVIRONMENT = { now: () => 1_767_268_800_000, random: (length: number) => new Uint8Array(length) };

function variables(app: unknown, more: Partial<VariablesInput> = {}) {
  return variablesOf({
    ...{ app, appProject: undefined, config: parseNotificationConfig({}), url: 'https://cd.example.com' },
    ...{ commits: { known: new Map(), missing: new Set<string>() }, now: ENVIRONMENT.now, ...more },
  });
}

const APP = {
  metadata: { name: 'app', namespace: 'argocd' },
  spec: { project: 'default', source: { repoURL: 'git@github.com:team/deploy.git' } },
  status: {
    sync: { status: 'Synced', revision: 'abc' },
    health: { status: 'Healthy', lastTransitionTime: '2026-01-01T12:00:30Z', message: 'say "hi"' },
    operationState: {
      phase: 'Succeeded',
      message: 'a "quoted"\nmessage',
      startedAt: '2026-01-01T12:00:00Z',
      finishedAt: '2026-01-01T12:00:20Z',
      syncResult: { revision: 'abc' },
      operation: { info: [{ name: 'reason', value: 'because' }] },
    },
    conditions: [{ type: 'SyncHeld', message: 'held until 18:00' }],
  },
};

describe('the configuration', () => {
  it('puts secrets into the options of services, and nowhere else', () => {
    const data = {
      'service.slack': 'token: $slack-token\nchannels: [$a, x$a]\n',
      'service.webhook.hook': 'url: https://$host/x\n',
      'template.x': 'message: $slack-token\n',
      context: 'key: $slack-token\n',
    };
    const config = parseNotificationConfig(data, { 'slack-token': 'secret', a: '1', host: 'h' });
    expect(config.services.get('slack')).toEqual({
      type: 'slack',
      options: { token: 'secret', channels: ['1', 'x1'] },
    });
    expect(config.services.get('hook')).toEqual({ type: 'webhook', options: { url: 'https://h/x' } });
    expect(config.templates.get('x')).toEqual({ message: '$slack-token' });
    expect(config.context).toEqual({ key: '$slack-token' });
  });

  it('leaves what is right where something is wrong, and says what', () => {
    const config = parseNotificationConfig({
      'service.a.b.c': 'x: 1',
      'service.slack': 'token: $nothing',
      'template.x': '- no',
      'trigger.y': 'when: no list',
      subscriptions: '- recipients: [a]\n  selector: "a in b"\n',
      'trigger.on-z': '- when: true\n  send: [t]\n',
      other: 'x',
    });
    expect(config.problems.map((problem) => problem.split(':')[0])).toEqual([
      ...['service.a.b.c', 'service.slack', 'template.x', 'trigger.y', 'subscriptions'],
    ]);
    expect(config.triggers.get('on-z')).toEqual([{ when: 'true', send: ['t'] }]);
    expect(config.subscriptions).toEqual([]);
  });

  it('has the catalog where it says nothing, and what it says otherwise', () => {
    const config = parseNotificationConfig({ 'trigger.on-deployed': '- when: "false"\n  send: [mine]\n' });
    expect(config.triggers.get('on-deployed')).toEqual([{ when: 'false', send: ['mine'] }]);
    expect([...config.triggers.keys()].sort()).toEqual([
      ...['on-created', 'on-deleted', 'on-deployed', 'on-health-degraded', 'on-sync-failed', 'on-sync-held'],
      ...['on-sync-running', 'on-sync-status-unknown', 'on-sync-succeeded'],
    ]);
  });
});

describe('the catalog', () => {
  it.each([
    ['on-created', true, 'app'],
    ['on-deleted', false, undefined],
    ['on-deployed', true, 'abc'],
    ['on-health-degraded', false, undefined],
    ['on-sync-failed', false, undefined],
    ['on-sync-held', true, 'abc'],
    ['on-sync-running', false, undefined],
    ['on-sync-status-unknown', false, undefined],
    ['on-sync-succeeded', true, 'abc'],
  ])('%s: %s, once per %s', (name, isMet, oncePer) => {
    const [result] = runTrigger(DEFAULT_TRIGGERS[name] ?? [], variables(APP), ENVIRONMENT.now);
    expect(result).toMatchObject({ isMet, ...(oncePer !== undefined && { oncePer }) });
    expect(result?.problem).toBeUndefined();
  });

  const NEW = {
    metadata: { name: 'new' },
    spec: { sources: [{ repoURL: 'https://a/b' }, { repoURL: 'oci://c' }] },
    status: {},
  };

  const all = Object.keys(DEFAULT_TEMPLATES);
  it.each([
    ...all.map((name) => [name, 'full', APP] as const),
    ...all
      .filter((name) => !/deployed|sync-(failed|running|succeeded)/.test(name))
      .map((name) => [name, 'new', NEW] as const),
  ])('%s can be filled in for every service, of an Application that is %s', (name, _, app) => {
    for (const kind of ['slack', 'teams', 'teams-workflows', 'github', 'webhook']) {
      const message = fillIn([DEFAULT_TEMPLATES[name] ?? {}], kind, variables(app), ENVIRONMENT);
      expect(message.text).toContain(app.metadata.name);
      expect(JSON.stringify(message)).not.toMatch(/no value|\{\{|nil/);
    }
  });
});

describe('a template', () => {
  const fill = (text: string, app: unknown = APP) =>
    fillIn([{ message: text }], 'slack', variables(app, { to: { service: 'slack', recipient: 'ops' } }), ENVIRONMENT)
      .text;

  it.each([
    ['{{.app.metadata.name | upper}} {{.serviceType}} {{.recipient}}', 'APP slack ops'],
    ['{{call .repo.RepoURLToHTTPS .app.spec.source.repoURL}}', 'https://github.com/team/deploy.git'],
    ['{{call .repo.FullNameByRepoURL .app.spec.source.repoURL}}', 'team/deploy'],
    ['{{call .repo.QueryEscape "a b/c"}}', 'a+b%2Fc'],
    ['{{(call .time.Parse .app.status.operationState.startedAt).Format .time.Kitchen}}', '12:00PM'],
    ['{{call .strings.ReplaceAll "a-b-c" "-" "."}}{{call .strings.ToUpper "x"}}', 'a.b.cX'],
    ['{{call .sync.GetInfoItem .app "reason"}}', 'because'],
    ['{{.context.argocdUrl}} {{.context.notificationType}}', 'https://cd.example.com slack'],
    ['{{range .app.status.conditions}}{{.type}}{{end}}', 'SyncHeld'],
  ])('%s gives %s', (text, expected) => {
    expect(fill(text)).toBe(expected);
  });

  it.each(['{{env "HOME"}}', '{{expandenv "$HOME"}}', '{{getHostByName "localhost"}}', '{{ .app.metadata.name'])(
    '%s is refused',
    (text) => {
      expect(() => fill(text)).toThrow();
    },
  );

  it('that never ends is ended', () => {
    expect(() => fill('{{range $i := until 100000}}{{range $j := until 100000}}x{{end}}{{end}}')).toThrow(
      /operations|longer|output/,
    );
  });

  it('sees Secrets as bytes, as for Argo CD', () => {
    const config = parseNotificationConfig({}, { key: 'value' });
    const filled = fillIn(
      [{ message: '{{.secrets.key | toString}}' }],
      'slack',
      variables(APP, { config }),
      ENVIRONMENT,
    );
    expect(filled.text).toBe('value');
  });

  it('after another one takes the place of its parts', () => {
    const templates = [
      { message: 'a', slack: { username: 'one', icon: ':a:' } },
      { message: 'b {{.app.metadata.name}}', slack: { username: 'two', icon: '' } },
    ];
    expect(fillIn(templates, 'slack', variables(APP), ENVIRONMENT)).toEqual({
      text: 'b app',
      parts: { username: 'two', icon: ':a:' },
    });
  });
});

describe('the state', () => {
  it('has Argo CD’s keys', () => {
    const when = "app.status.operationState.phase in ['Succeeded'] and app.status.health.status == 'Healthy'";
    const to = { service: 'slack', recipient: 'my-channel' };
    expect(stateKey('on-deployed', { index: 0, when, oncePer: 'abc' }, to)).toBe(
      'abc:on-deployed:[0].y7b5sbwa2Q329JYH755peeq-fBs:slack:my-channel',
    );
    expect(stateKey('on-x', { index: 1, when: 'true' }, to)).toMatch(/^on-x:\[1\]\.[\w-]{27}:slack:my-channel$/);
  });

  it('keeps the hundred newest', () => {
    const state = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`k${index}`, index + 1]));
    const kept = Object.keys(parseState(formatState(state)));
    expect(kept).toHaveLength(100);
    expect(kept).toContain('k119');
    expect(kept).not.toContain('k19');
    expect(formatState({})).toBeUndefined();
  });

  it.each(['', 'no', '[]', 'null', '{"a": "b"}'])('that is %j is empty', (text) => {
    expect(parseState(text)).toEqual({});
  });

  it('of what somebody was about to tell counts for five minutes', () => {
    expect(isTold({ a: 1_000 }, 'a', 9_999)).toBe(true);
    expect(isTold({ a: -1_000 }, 'a', 1_299)).toBe(true);
    expect(isTold({ a: -1_000 }, 'a', 1_300)).toBe(false);
    expect(isTold({}, 'a', 0)).toBe(false);
  });
});
