// An Application whose Git side has hooks of its deletion is held by finalizers, so that it cannot go without them (Argo CD:
// controller/appcontroller.go, processAppRefreshQueueItem).

import { withHookFinalizers } from '../application/deletion.ts';
import { isDeletionHook } from '../application/hook.ts';
import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import type { KubeObject } from '../kube/object.ts';
import { isConflict } from '../kube/refusal.ts';
import { applicationRef, type Road } from './road.ts';

const ATTEMPTS = 5;

/** Written before the status that says Synced. Gives the Application as it then is; nothing is sent where nothing changes. */
export async function holdForHooks(road: Road, app: Application, targets: readonly KubeObject[]): Promise<Application> {
  const hasHooks = {
    PreDelete: targets.some((target) => isDeletionHook(target, 'PreDelete')),
    PostDelete: targets.some((target) => isDeletionHook(target, 'PostDelete')),
  };
  const { namespace, name } = app.metadata;
  const ref = applicationRef(namespace, name);
  let now: Application | undefined = app;
  for (let attempt = 1; now && !now.metadata.deletionTimestamp; attempt++) {
    const { finalizers = [], resourceVersion = '' } = now.metadata;
    const wanted = withHookFinalizers(finalizers, hasHooks);
    if (isEqualJson(wanted, finalizers)) break;
    try {
      const patch = { metadata: { finalizers: wanted.length > 0 ? [...wanted] : null, resourceVersion } };
      return parseApplication(await road.home.patch(ref, patch, { type: 'merge' }));
    } catch (error) {
      if (!isConflict(error) || attempt >= ATTEMPTS) throw error;
      const found = await road.home.get(ref);
      now = found && parseApplication(found);
    }
  }
  return now ?? app;
}
