// The files of the web UI: from the package, or built in memory in a checkout, where the sources are what was just edited.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Platform } from '../platform.ts';

type Assets = NonNullable<Platform['assets']>;

/** Beside dist/hawser.js, in which this file is bundled; beside the sources there is none. HAWSER_UI names another folder. */
const BUILT = process.env.HAWSER_UI || fileURLToPath(new URL('./ui', import.meta.url));
const BUILDER = new URL('../../build-ui.js', import.meta.url).href;

/** Nothing is read or built before somebody looks at a page. `built`: where the files are, if they were built. */
export function createUiAssets(built = BUILT): Assets {
  let made: Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> | undefined;
  let isBuilt: Promise<boolean> | undefined;
  return async (name) => {
    // Not by the file that is asked for: a page that was open before an update asks for one that is here no more.
    isBuilt ??= readFile(join(built, 'manifest.json')).then(
      () => true,
      () => false,
    );
    if (await isBuilt) {
      const bytes = await readFile(join(built, name)).catch(() => undefined);
      return bytes && new Uint8Array(bytes);
    }
    made ??= buildNow().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return (await made).get(name);
  };
}

interface Builder {
  buildUi(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
}

async function buildNow(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  // Named like this so that no bundler takes it along: a package has no sources to build from.
  const { buildUi } = (await import(BUILDER)) as Builder;
  return buildUi();
}
