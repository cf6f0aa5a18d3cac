// AsyncLocalStorage in workerd is Node's, which it has with the compatibility flag nodejs_compat. Without the flag there is none.

export interface AsyncStorage<T> {
  run<R>(value: T, work: () => R): R;
  getStore(): T | undefined;
}

/** What `process` has there of the modules that belong to the runtime. */
export interface AsyncRuntime {
  readonly process?: {
    getBuiltinModule?(
      name: 'node:async_hooks',
    ): { readonly AsyncLocalStorage: new <T>() => AsyncStorage<T> } | undefined;
  };
}

export function createAsyncStorage<T>(runtime: AsyncRuntime = globalThis as AsyncRuntime): AsyncStorage<T> | undefined {
  const hooks = runtime.process?.getBuiltinModule?.('node:async_hooks');
  return hooks && new hooks.AsyncLocalStorage<T>();
}
