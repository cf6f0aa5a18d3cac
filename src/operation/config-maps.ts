// Changes of Argo CD's ConfigMaps, which may not be there yet.

import { isAlreadyExists, isConflict } from '../kube/refusal.ts';
import type { Road } from './road.ts';
import { configData } from './settings.ts';

/** Others write to it, too. */
const TRIES = 5;

/** Keys that `change` gives are set; those that it gives as null go. It is asked again where somebody else was faster. */
export async function changeConfigMap(
  { home, platform }: Pick<Road, 'home' | 'platform'>,
  name: string,
  change: (data: Record<string, string>) => Readonly<Record<string, string | null>>,
): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: platform.settings.namespace, name };
  for (let tries = 1; ; tries++) {
    const found = await home.get(ref);
    const data = change(configData(found));
    try {
      if (found) {
        const { resourceVersion = '' } = found.metadata;
        await home.patch(ref, { metadata: { resourceVersion }, data: { ...data } }, { type: 'merge' });
      } else {
        const texts = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
        const labels = { 'app.kubernetes.io/part-of': 'argocd' };
        const { apiVersion, kind, namespace } = ref;
        await home.create({ apiVersion, kind, metadata: { namespace, name, labels }, data: texts });
      }
      return;
    } catch (error) {
      if (tries === TRIES || !(isConflict(error) || isAlreadyExists(error))) throw error;
    }
  }
}
