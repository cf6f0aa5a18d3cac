// What build-ui.js has made of src/ui/web, as the runtime gives it.

import * as z from 'zod';
import { HawserError } from '../base/errors.ts';
import type { Platform } from '../platform.ts';

const manifestShape = z.object({
  script: z.string(),
  style: z.string(),
  preload: z.array(z.string()),
  /** Of the pages that need no script. */
  plainStyle: z.string(),
  renderWorker: z.string().optional(),
});

/** What a page begins with, as names of files. */
export type UiManifest = z.output<typeof manifestShape>;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Where a file of the UI is. */
export function assetUrl(name: string): string {
  return `/assets/${name}`;
}

export interface UiFiles {
  /** Throws `Unavailable` where the UI was not built. */
  manifest(): Promise<UiManifest>;
  /** A file, or undefined. Its name has a hash of what is in it: it never changes. */
  answer(name: string, request: Request): Promise<Response | undefined>;
}

export function createUiFiles({ assets }: Pick<Platform, 'assets'>): UiFiles {
  let known: Promise<UiManifest> | undefined;

  async function read(): Promise<UiManifest> {
    const bytes = await assets?.('manifest.json');
    if (bytes) return manifestShape.parse(JSON.parse(new TextDecoder().decode(bytes)));
    throw new HawserError('Unavailable', 'the web UI is not part of this build', {
      hint: 'npm run build makes it; the API and the commands do not need it',
    });
  }

  return {
    manifest: () => {
      known ??= read().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    answer: async (name, request) => {
      if (!/^[\w-]+(\.[\w-]+)*\.(js|css|svg)$/.test(name)) return undefined;
      const bytes = await assets?.(name);
      if (!bytes) return undefined;
      const headers = new Headers({
        'content-type': TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
        'cache-control': /-[A-Za-z0-9_-]{8}\.\w+$/.test(name)
          ? 'public, max-age=31536000, immutable'
          : 'public, max-age=3600',
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
      });
      const isCompressed = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '') && bytes.length > 1_024;
      if (!isCompressed) return new Response(bytes, { headers });
      headers.set('content-encoding', 'gzip');
      // workerd would compress it once more; nobody else reads this.
      const init = { headers, encodeBody: 'manual' };
      return new Response(await compressed(name, bytes), init);
    },
  };
}

/** By name, which says what is in it. */
const kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

function compressed(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const known = kept.get(name);
  if (known) return known;
  const stream = new Response(bytes).body?.pipeThrough(new CompressionStream('gzip'));
  const done = new Response(stream).arrayBuffer().then((buffer) => new Uint8Array(buffer));
  kept.set(name, done);
  // Whoever comes next tries again.
  done.catch(() => kept.delete(name));
  return done;
}
