// Webhooks at Gitea, Forgejo and Gogs, whose APIs are one family (gitea: routers/api/v1/repo/hook.go; gogs: docs, "Webhooks").

import { at } from '../../base/json.ts';
import { arrayAt, numberIn, textIn } from '../answers.ts';
import type { HookHost, HostHook, WantedHook } from './hook-host.ts';

interface Member {
  readonly title: string;
  /** The `type` of the webhook. */
  readonly type: string;
  readonly events: readonly string[];
  /** Its API has a test delivery. */
  readonly isTried: boolean;
  silence(webhookHost: string): string;
}

export const gitea = member({
  title: 'Gitea',
  type: 'gitea',
  // A push event tells of new and deleted branches and tags, too.
  events: ['push'],
  isTried: true,
  silence: (host) =>
    `Gitea sends nothing to private addresses unless app.ini has [webhook] ALLOWED_HOST_LIST = ${host} (or private, loopback)`,
});

export const forgejo = member({
  title: 'Forgejo',
  type: 'forgejo',
  events: ['push'],
  isTried: true,
  silence: (host) =>
    `Forgejo sends nothing to private addresses unless app.ini has [webhook] ALLOWED_HOST_LIST = ${host} (or private, loopback)`,
});

export const gogs = member({
  title: 'Gogs',
  type: 'gogs',
  // Of new tags and of whatever is deleted it sends no push.
  events: ['push', 'create', 'delete'],
  isTried: false,
  silence: (host) =>
    `Gogs sends nothing to local addresses unless app.ini has [security] LOCAL_NETWORK_ALLOWLIST = ${host}; its page of the webhook has "Test Delivery"`,
});

function member({ title, type, events, isTried, silence }: Member): HookHost {
  const bodyOf = ({ url, secret }: WantedHook) => ({
    type,
    active: true,
    events: [...events],
    config: { url, content_type: 'json', secret },
  });
  return {
    title,
    events,
    silence,
    list: async (api, repository) => arrayAt(await api.get(`/repos/${repository}/hooks?limit=50`)).map(readHook),
    create: async (api, repository, wanted) =>
      numberIn(await api.send('POST', `/repos/${repository}/hooks`, bodyOf(wanted)), 'id'),
    update: async (api, repository, id, wanted) => {
      const { type: _, ...body } = bodyOf(wanted);
      await api.send('PATCH', `/repos/${repository}/hooks/${id}`, body);
    },
    ...(isTried && {
      tryOut: async (api, repository, id) => {
        await api.send('POST', `/repos/${repository}/hooks/${id}/tests`);
      },
    }),
  };
}

function readHook(hook: unknown): HostHook {
  return {
    id: numberIn(hook, 'id'),
    url: textIn(hook, 'config', 'url'),
    isActive: at(hook, 'active') === true,
    events: arrayAt(at(hook, 'events')).map(String),
    contentType: textIn(hook, 'config', 'content_type'),
    verifiesTls: true,
  };
}
