// Packages that unpack tables for milliseconds when they are loaded, and that most runs never need: in bundles they are loaded by the first
// call.

import type { Plugin } from 'esbuild';

const LAZY = 'lazy-package';
const USED = 'used-of-package';

/** What the sources use of each, with `used()` for the loaded package. */
const PACKAGES: Readonly<Record<string, string>> = {
  re2js: `export const RE2JS = { compile: (...args) => used().RE2JS.compile(...args) };`,
  fflate: `
export function Gunzip(...args) { return new (used().Gunzip)(...args); }
export function zlibSync(...args) { return used().zlibSync(...args); }
`,
};
const NAMES: Readonly<Record<string, string>> = { re2js: 'RE2JS', fflate: 'Gunzip, zlibSync' };

/** For bundles. `root`: a folder from which the packages are found. */
export function lazyPackages(root: string): Plugin {
  return {
    name: 'lazy-packages',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^(re2js|fflate)$/ }, ({ path, importer }) =>
        importer.endsWith('.ts') ? { path, namespace: LAZY } : undefined,
      );
      onLoad({ filter: /.*/, namespace: LAZY }, ({ path }) => ({
        contents: `const used = () => require('${USED}:${path}');\n${PACKAGES[path]}`,
      }));
      // A module between, so that what is used of none of them is left out.
      onResolve({ filter: new RegExp(`^${USED}:`) }, ({ path }) => ({
        path: path.slice(USED.length + 1),
        namespace: USED,
      }));
      onLoad({ filter: /.*/, namespace: USED }, ({ path }) => ({
        contents: `export { ${NAMES[path]} } from '${path}';`,
        resolveDir: root,
      }));
    },
  };
}
