import { describe, expect, it } from 'vitest';
import { parseNotificationConfig } from '../../src/notify/config.ts';
import { parseSelector } from '../../src/notify/selector.ts';
import { destinationsOf, MOST_SUBSCRIPTIONS } from '../../src/notify/subscriptions.ts';

function told(
  annotations: Record<string, string>,
  {
    data = {},
    labels = {},
    project = {},
  }: { data?: Record<string, string>; labels?: Record<string, string>; project?: Record<string, string> } = {},
) {
  const found = destinationsOf(parseNotificationConfig(data), { annotations, labels }, project);
  return Object.fromEntries(
    [...found].map(([trigger, all]) => [trigger, all.map(({ service, recipient }) => `${service}:${recipient}`)]),
  );
}

const P = 'notifications.argoproj.io';

describe('a subscription', () => {
  it.each([
    ['to one trigger', { [`${P}/subscribe.on-x.slack`]: 'a;b; ' }, {}, { 'on-x': ['slack:a', 'slack:b'] }],
    ['without recipients', { [`${P}/subscribe.on-x.hook`]: '' }, {}, { 'on-x': ['hook:'] }],
    [
      'to what is told by default',
      { [`${P}/subscribe.slack`]: 'a' },
      { defaultTriggers: '[on-x, on-y]' },
      { 'on-x': ['slack:a'], 'on-y': ['slack:a'] },
    ],
    [
      'to what is told by default of its service',
      { [`${P}/subscribe.slack`]: 'a' },
      { defaultTriggers: '[on-x]', 'defaultTriggers.slack': '[on-z]' },
      { 'on-z': ['slack:a'] },
    ],
    ['to what is told by default, of which there is none', { [`${P}/subscribe.slack`]: 'a' }, {}, {}],
    [
      'of the long form',
      {
        [`${P}/subscriptions`]:
          '- trigger: [on-x, on-y]\n  destinations:\n  - service: slack\n    recipients: [a, b]\n',
      },
      {},
      { 'on-x': ['slack:a', 'slack:b'], 'on-y': ['slack:a', 'slack:b'] },
    ],
    ['of the long form that is none', { [`${P}/subscriptions`]: '{{' }, {}, {}],
    [
      'of the legacy form',
      { 'on-x.recipients.argocd-notifications.argoproj.io': 'slack:a, hook' },
      {},
      { 'on-x': ['slack:a', 'hook:'] },
    ],
    ['of another sort of annotation', { 'argocd.argoproj.io/refresh': 'hard' }, {}, {}],
  ])('%s', (_, annotations, data, expected) => {
    expect(told(annotations as Record<string, string>, { data: data as Record<string, string> })).toEqual(expected);
  });

  it('of Application, project and ConfigMap counts once', () => {
    const data = { subscriptions: '- recipients: ["slack:a", hook]\n  triggers: [on-x]\n' };
    const own = { [`${P}/subscribe.on-x.slack`]: 'a' };
    expect(told(own, { data, project: { [`${P}/subscribe.on-x.slack`]: 'a;b' } })).toEqual({
      'on-x': ['slack:a', 'hook:', 'slack:b'],
    });
  });

  it('of the ConfigMap counts for the Applications that its selector means', () => {
    const data = { subscriptions: '- recipients: ["slack:a"]\n  triggers: [on-x]\n  selector: team=a\n' };
    expect(told({}, { data, labels: { team: 'a' } })).toEqual({ 'on-x': ['slack:a'] });
    expect(told({}, { data, labels: { team: 'b' } })).toEqual({});
  });
});

describe('a selector', () => {
  const LABELS = { team: 'a', env: 'dev', frozen: '' };
  it.each([
    ['', true],
    ['team=a', true],
    ['team==a,env=dev', true],
    ['team=a,env=prd', false],
    ['team!=b', true],
    ['nothing!=b', true],
    ['team in (a, b),env notin (prd)', true],
    ['nothing notin (a)', true],
    ['team in (b)', false],
    ['frozen', true],
    ['!frozen', false],
    ['!nothing', true],
  ])('%j: %s', (text, matches) => {
    expect(parseSelector(text)(LABELS)).toBe(matches);
  });

  it('that cannot be understood is refused', () => {
    expect(() => parseSelector('team in a')).toThrow('no part of a label selector');
  });
});

describe('subscriptions without end', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => index.toString(36));
  const long = JSON.stringify([{ trigger: names, destinations: [{ service: 'slack', recipients: names }] }]);

  it.each([
    ['of the short form', { [`${P}/subscribe.on-x.slack`]: names.join(';') }],
    ['of the long form', { [`${P}/subscriptions`]: long }],
  ])('%s count up to a bound, which is told of; those of the project beside them count', (_, annotations) => {
    let isTold = false;
    const project = { [`${P}/subscribe.on-project.slack`]: 'project' };
    const found = destinationsOf(parseNotificationConfig({}), { annotations }, project, () => {
      isTold = true;
    });
    expect([...found.values()].flat()).toHaveLength(MOST_SUBSCRIPTIONS + 1);
    expect(found.get('on-project')).toEqual([{ service: 'slack', recipient: 'project' }]);
    expect(isTold).toBe(true);
  });
});
