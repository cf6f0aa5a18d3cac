// Webhooks at GitLab (docs.gitlab.com: Project webhooks API).

import { at } from '../../base/json.ts';
import { arrayAt, numberIn, textIn } from '../answers.ts';
import type { HookHost, HostHook, WantedHook } from './hook-host.ts';

const EVENTS = ['push_events', 'tag_push_events'] as const;

export const gitlab: HookHost = {
  title: 'GitLab',
  events: EVENTS,
  list: async (api, repository) => arrayAt(await api.get(`${pathOf(repository)}?per_page=100`)).map(readHook),
  create: async (api, repository, wanted) => numberIn(await api.send('POST', pathOf(repository), bodyOf(wanted)), 'id'),
  update: async (api, repository, id, wanted) => {
    await api.send('PUT', `${pathOf(repository)}/${id}`, bodyOf(wanted));
  },
  tryOut: async (api, repository, id) => {
    await api.send('POST', `${pathOf(repository)}/${id}/test/push_events`);
  },
  silence: (host) =>
    `GitLab sends nothing to private addresses unless Admin, Settings, Network, Outbound requests allows ${host} for webhooks`,
};

function pathOf(repository: string): string {
  return `/projects/${encodeURIComponent(repository)}/hooks`;
}

/** GitLab signs nothing: it sends the secret itself, as a token. */
function bodyOf({ url, secret }: WantedHook) {
  return { url, token: secret, push_events: true, tag_push_events: true, enable_ssl_verification: true };
}

function readHook(hook: unknown): HostHook {
  const alert = textIn(hook, 'alert_status');
  return {
    id: numberIn(hook, 'id'),
    url: textIn(hook, 'url'),
    isActive: true,
    events: EVENTS.filter((event) => at(hook, event) === true),
    contentType: 'json',
    verifiesTls: at(hook, 'enable_ssl_verification') !== false,
    ...(/disabled/.test(alert) && {
      problem: 'GitLab has disabled it after failures: "Test" on its page enables it again',
    }),
  };
}
