// What notifications go by: the ConfigMap and Secret of Argo CD's, and the AppProject, as they were a moment ago at most.

import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import type { KubeObject } from '../kube/object.ts';
import {
  NOTIFICATIONS_CONFIG,
  NOTIFICATIONS_SECRET,
  type NotificationConfig,
  parseNotificationConfig,
} from '../notify/config.ts';
import type { Road } from './road.ts';
import { configData, decodeSecret } from './settings.ts';

export interface KnownSettings {
  readonly config: NotificationConfig;
  readonly project: KubeObject | undefined;
  /** Where people see Applications, without a slash at its end: as the notifications' `context`, hawser or argocd-cm say; '' where none does. */
  readonly argocdUrl: string;
}

export interface NotificationSettings {
  of(app: Application): Promise<KnownSettings>;
}

/** Whatever is recorded within this is told by what was read once. */
const FRESH_MS = 3_000;

export function createNotificationSettings(road: () => Road): NotificationSettings {
  const read = memo(() =>
    Promise.all([
      get('v1', 'ConfigMap', NOTIFICATIONS_CONFIG),
      get('v1', 'Secret', NOTIFICATIONS_SECRET),
      get('v1', 'ConfigMap', 'argocd-cm'),
    ]),
  );
  const projects = new Map<string, () => Promise<KubeObject | undefined>>();
  let parsed: { readonly of: unknown; readonly config: NotificationConfig } | undefined;

  function get(apiVersion: string, kind: string, name: string): Promise<KubeObject | undefined> {
    const { home, platform } = road();
    const { namespace } = platform.settings;
    return home.get({ apiVersion, kind, namespace, name }, { resourceVersion: '0' });
  }

  function memo<T>(make: () => Promise<T>): () => Promise<T> {
    let made: { readonly value: Promise<T>; readonly atMs: number } | undefined;
    return () => {
      const nowMs = road().platform.clock.now();
      if (made && Math.abs(nowMs - made.atMs) < FRESH_MS) return made.value;
      const value = make();
      made = { value, atMs: nowMs };
      value.catch(() => {
        made = undefined;
      });
      return value;
    };
  }

  async function configNow(): Promise<Omit<KnownSettings, 'project'>> {
    const [configMap, secret, argo] = await read();
    const of = [configMap?.data, secret?.data];
    if (!parsed || !isEqualJson(parsed.of, of)) {
      parsed = { of, config: parseNotificationConfig(configData(configMap), decodeSecret(secret)) };
    }
    const { config } = parsed;
    const url = config.context.argocdUrl ?? road().platform.settings.externalURL ?? configData(argo).url ?? '';
    return { config, argocdUrl: url.replace(/\/+$/, '') };
  }

  return {
    of: async ({ spec }) => {
      const name = spec.project || 'default';
      const reading = projects.get(name) ?? memo(() => get('argoproj.io/v1alpha1', 'AppProject', name));
      if (projects.size > 1_000) projects.clear();
      projects.set(name, reading);
      const [{ config, argocdUrl }, project] = await Promise.all([configNow(), reading()]);
      return { config, project, argocdUrl };
    },
  };
}
