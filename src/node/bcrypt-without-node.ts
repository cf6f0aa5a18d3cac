// bcryptjs falls back to Node's crypto where there is no Web Crypto; there is, everywhere. What runs in workerd must do without Node's, and
// on Node to load it would take longer than to render a small chart.

import type { Plugin } from 'esbuild';

const NAME = 'bcrypt-without-node';

/** For bundles: bcryptjs without its fallback. */
export const bcryptWithoutNode: Plugin = {
  name: NAME,
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^crypto$/ }, ({ importer }) =>
      importer.includes('bcryptjs') ? { path: 'crypto', namespace: NAME } : undefined,
    );
    onLoad({ filter: /.*/, namespace: NAME }, () => ({ contents: 'export default {};' }));
  },
};
