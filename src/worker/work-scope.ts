// Work and what belongs to it in workerd: its AsyncLocalStorage is Node's, which it has with the compatibility flag nodejs_compat. Without the
// flag there is none, and log lines have fewer fields.

import type { WorkContext, WorkScope } from '../base/work-scope.ts';

interface Storage {
  run<T>(context: WorkContext, work: () => T): T;
  getStore(): WorkContext | undefined;
}

/** What `process` has there of the modules that belong to the runtime. */
interface Runtime {
  readonly process?: {
    getBuiltinModule?(name: 'node:async_hooks'): { readonly AsyncLocalStorage: new () => Storage } | undefined;
  };
}

export function createWorkScope(runtime: Runtime = globalThis as Runtime): WorkScope | undefined {
  const hooks = runtime.process?.getBuiltinModule?.('node:async_hooks');
  if (!hooks) return undefined;
  const storage = new hooks.AsyncLocalStorage();
  return {
    run: (context, work) => storage.run(context, work),
    current: () => storage.getStore(),
  };
}
