// Webhooks at GitHub and GitHub Enterprise (docs.github.com: REST API, Repository webhooks).

import { at } from '../../base/json.ts';
import { arrayAt, numberIn, textIn } from '../answers.ts';
import type { HookHost, HostHook, WantedHook } from './hook-host.ts';

export const github: HookHost = {
  title: 'GitHub',
  events: ['push'],
  list: async (api, repository) => arrayAt(await api.get(`/repos/${repository}/hooks?per_page=100`)).map(readHook),
  create: async (api, repository, wanted) =>
    numberIn(await api.send('POST', `/repos/${repository}/hooks`, { name: 'web', ...bodyOf(wanted) }), 'id'),
  update: async (api, repository, id, wanted) => {
    await api.send('PATCH', `/repos/${repository}/hooks/${id}`, bodyOf(wanted));
  },
  tryOut: async (api, repository, id) => {
    await api.send('POST', `/repos/${repository}/hooks/${id}/pings`);
  },
  silence: (host) =>
    `GitHub must reach ${host} from the internet; "Recent Deliveries" of the webhook's page says what it met`,
};

function bodyOf({ url, secret }: WantedHook) {
  return { active: true, events: ['push'], config: { url, content_type: 'json', secret, insecure_ssl: '0' } };
}

function readHook(hook: unknown): HostHook {
  const code = numberIn(hook, 'last_response', 'code');
  const problem = `GitHub's last delivery was answered ${code} ${textIn(hook, 'last_response', 'message')}`.trim();
  return {
    id: numberIn(hook, 'id'),
    url: textIn(hook, 'config', 'url'),
    isActive: at(hook, 'active') === true,
    events: arrayAt(at(hook, 'events')).map(String),
    contentType: textIn(hook, 'config', 'content_type'),
    verifiesTls: String(at(hook, 'config', 'insecure_ssl') ?? '0') === '0',
    ...(code >= 300 && { problem }),
  };
}
