// What old packages below isomorphic-git call for. `require('buffer')`: workerd has no require, and esbuild leaves a call of an external
// module as it is; it becomes a module of the bundle that imports Node's own, which workerd offers with nodejs_compat. `inherits`, which
// asks for Node's util: its file for browsers.

import type { Plugin } from 'esbuild';

const NAMESPACE = 'node-builtin';

/** For bundles of the Worker, in place of aliases to `node:…`. */
export const workerBuiltins: Plugin = {
  name: 'worker-builtins',
  setup: ({ onResolve, onLoad, resolve }) => {
    onResolve({ filter: /^(buffer|crypto)$/ }, ({ path }) => ({ path, namespace: NAMESPACE }));
    onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `export * from 'node:${path}'; export { default } from 'node:${path}';`,
      loader: 'js',
    }));
    onResolve({ filter: /^inherits$/ }, ({ resolveDir, kind }) =>
      resolve('inherits/inherits_browser.js', { resolveDir, kind }),
    );
  },
};
