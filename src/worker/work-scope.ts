// Work and what belongs to it in workerd. Where that has no AsyncLocalStorage, log lines have fewer fields.

import type { WorkContext, WorkScope } from '../base/work-scope.ts';
import { type AsyncRuntime, createAsyncStorage } from './async-storage.ts';

export function createWorkScope(runtime?: AsyncRuntime): WorkScope | undefined {
  const storage = createAsyncStorage<WorkContext>(runtime);
  return (
    storage && {
      run: (context, work) => storage.run(context, work),
      current: () => storage.getStore(),
    }
  );
}
