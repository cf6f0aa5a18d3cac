// A cache that forgets with the process, bounded by bytes.

export interface MemoryCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, value: Uint8Array): Promise<void>;
  forget(key: string): void;
}

/** When more than `limitBytes` are kept, the oldest go first. */
export function createMemoryCache(limitBytes: number = 64 << 20): MemoryCache {
  const entries = new Map<string, Uint8Array>();
  let size = 0;
  return {
    get: async (key) => entries.get(key),
    put: async (key, value) => {
      size += value.byteLength - (entries.get(key)?.byteLength ?? 0);
      entries.delete(key);
      entries.set(key, value);
      for (const [oldest, { byteLength }] of entries) {
        if (size <= limitBytes) break;
        entries.delete(oldest);
        size -= byteLength;
      }
    },
    forget: (key) => {
      size -= entries.get(key)?.byteLength ?? 0;
      entries.delete(key);
    },
  };
}
