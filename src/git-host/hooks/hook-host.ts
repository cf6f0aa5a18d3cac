// What webhooks are at a Git server: listed, made, changed and tried out by its REST API. One file a server.

import type { HostApi } from '../host-api.ts';

/** A webhook of a repository, as its server has it. */
export interface HostHook {
  readonly id: number;
  readonly url: string;
  readonly isActive: boolean;
  /** In the server's own words. */
  readonly events: readonly string[];
  /** `json` or `form`. */
  readonly contentType: string;
  readonly verifiesTls: boolean;
  /** What the server itself says is wrong with it: that it was disabled after failures, what its last delivery was answered. */
  readonly problem?: string;
}

export interface WantedHook {
  readonly url: string;
  readonly secret: string;
}

/** `repository`: `owner/name`, or a longer path. All throw what `HostApi` throws. */
export interface HookHost {
  /** As people call it. */
  readonly title: string;
  /** Those that a webhook needs, so that no push is missed. */
  readonly events: readonly string[];
  list(api: HostApi, repository: string): Promise<readonly HostHook[]>;
  /** Gives its id. */
  create(api: HostApi, repository: string, wanted: WantedHook): Promise<number>;
  update(api: HostApi, repository: string, id: number, wanted: WantedHook): Promise<void>;
  /** Has the server send a signed delivery now; without it, its API cannot. */
  readonly tryOut?: (api: HostApi, repository: string, id: number) => Promise<void>;
  /** What to look at where no delivery comes: one sentence. */
  silence(webhookHost: string): string;
}

/** Why pushes do not come, or not all of them; what to do about each. */
export function hookProblems(host: HookHost, hook: HostHook): readonly string[] {
  const missing = host.events.filter((event) => !hook.events.includes(event));
  return [
    ...(hook.isActive ? [] : ['it is not active: switch it on']),
    ...(missing.length > 0 ? [`it does not send the events ${missing.join(', ')}: switch them on`] : []),
    ...(hook.contentType === 'json'
      ? []
      : [`it sends ${hook.contentType || 'another content type'}: choose application/json`]),
    ...(hook.verifiesTls ? [] : ['it accepts any certificate of hawser: switch the check of TLS on']),
    ...(hook.problem ? [hook.problem] : []),
  ];
}
