// Work and what belongs to it, along every await and callback: Node's AsyncLocalStorage.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkContext, WorkScope } from '../base/work-scope.ts';

export function createWorkScope(): WorkScope {
  const storage = new AsyncLocalStorage<WorkContext>();
  return {
    run: (context, work) => storage.run(context, work),
    current: () => storage.getStore(),
  };
}
