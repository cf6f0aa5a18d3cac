// Where the cache lies when the object has ended: in R2, or in the Cache API of the data centre.
//
// Among what lies there is the content of private repositories. R2: the bucket is bound to this Worker and is its operator's, who has the
// Git credentials, too, and decides who else may read it; it is not public unless somebody makes it so. Cache API: a cache with a name is
// read by Workers of the same zone alone, and no request from outside has an address below `.invalid`. In both, the content is behind
// hawser's own checks as it is on a disk: nobody reads from the cache whom the Git server does not let in (git/opened-commit.ts).

import type { R2Bucket, WorkerEnvironment } from './bindings.ts';

export interface FarCache {
  /** As people know it. */
  readonly kind: 'R2' | 'Cache API';
  /** Between two writes of one key. */
  readonly pauseMs: number;
  read(
    key: string,
  ): Promise<{ readonly value: Uint8Array<ArrayBuffer>; readonly seal: string | undefined } | undefined>;
  /** `seal`: a short text that is kept with the value. */
  write(key: string, value: Uint8Array<ArrayBuffer>, seal: string): Promise<void>;
}

/** The Cache API, as far as it is used. */
export interface EdgeCaches {
  open(name: string): Promise<{
    match(address: string): Promise<Response | undefined>;
    put(address: string, response: Response): Promise<void>;
  }>;
}

const PREFIX = 'hawser-cache/';

/** A host that there is nowhere: the key of a cache is the address of a request. */
const ADDRESS = 'https://cache.hawser.invalid/';
const NAME = 'hawser';
const SEAL = 'x-hawser-seal';

/** How old something may become in the Cache API, where it goes earlier if nobody asks for it; in R2, the bucket's lifecycle rules say it. */
const MAX_AGE_S = 30 * 24 * 3_600;

/** What is bound, or what the runtime has; undefined where there is neither. */
export function findFarCache(
  { CACHE }: Pick<WorkerEnvironment, 'CACHE'>,
  runtime: { readonly caches?: EdgeCaches } = globalThis as { readonly caches?: EdgeCaches },
): FarCache | undefined {
  if (CACHE) return createR2Cache(CACHE);
  return runtime.caches && createEdgeCache(runtime.caches);
}

function createR2Cache(bucket: R2Bucket): FarCache {
  return {
    kind: 'R2',
    // R2: "1 write per second" to one key (limits); more are refused (429).
    pauseMs: 1_000,
    read: async (key) => {
      const found = await bucket.get(`${PREFIX}${key}`);
      return found ? { value: new Uint8Array(await found.arrayBuffer()), seal: found.customMetadata?.seal } : undefined;
    },
    write: async (key, value, seal) => {
      await bucket.put(`${PREFIX}${key}`, value, { customMetadata: { seal } });
    },
  };
}

function createEdgeCache(stores: EdgeCaches): FarCache {
  return {
    kind: 'Cache API',
    pauseMs: 0,
    read: async (key) => {
      const found = await (await stores.open(NAME)).match(`${ADDRESS}${key}`);
      return found
        ? { value: new Uint8Array(await found.arrayBuffer()), seal: found.headers.get(SEAL) ?? undefined }
        : undefined;
    },
    write: async (key, value, seal) => {
      const headers = {
        'cache-control': `max-age=${MAX_AGE_S}`,
        'content-type': 'application/octet-stream',
        [SEAL]: seal,
      };
      await (await stores.open(NAME)).put(`${ADDRESS}${key}`, new Response(value, { headers }));
    },
  };
}
