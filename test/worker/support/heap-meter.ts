// The memory of an isolate, as V8's inspector tells it (Runtime.getHeapUsage), at its highest.

export interface HeapMeter {
  /**
   * Bytes. V8's heap with what it keeps in reserve, and what lies outside of it: the buffers of Uint8Arrays and alike. Rejects when the
   * isolate has ended: V8 does so where it reaches a bound, and Miniflare begins a new one.
   */
  peak(): Promise<HeapUsage>;
  close(): void;
}

export interface HeapUsage {
  readonly used: number;
  readonly heap: number;
  readonly buffers: number;
  readonly samples: number;
}

const INTERVAL_MS = 20;

/** Miniflare's name of the isolate that has the Worker; others are its own. */
const WORKER = 'core:user:';

export async function createHeapMeter(inspectorUrl: string): Promise<HeapMeter> {
  const isolates = (await (await fetch(new URL('/json', inspectorUrl.replace(/^ws/, 'http')))).json()) as readonly {
    readonly id: string;
    readonly webSocketDebuggerUrl: string;
  }[];
  const worker = isolates.find((isolate) => isolate.id === WORKER);
  if (!worker) throw new Error(`there is no isolate ${WORKER} among ${isolates.map((isolate) => isolate.id)}`);
  const socket = new WebSocket(worker.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`no inspector at ${inspectorUrl}`)), { once: true });
  });
  let id = 0;
  let peak: HeapUsage = { used: 0, heap: 0, buffers: 0, samples: 0 };
  const ask = () => socket.send(JSON.stringify({ id: ++id, method: 'Runtime.getHeapUsage' }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { promise: first, resolve: told } = Promise.withResolvers<void>();
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  ended.catch(() => undefined);
  let hasEnded = false;
  socket.addEventListener('close', () => {
    clearTimeout(timer);
    hasEnded = true;
    end(new Error(`the isolate has ended; its heap was ${Math.round(peak.heap / 2 ** 20)} MB at most`));
  });
  socket.addEventListener('message', ({ data }) => {
    const { result } = JSON.parse(String(data)) as { result?: Readonly<Record<string, number>> };
    if (!result) return;
    const { usedSize = 0, totalSize = 0, embedderHeapUsedSize = 0, backingStorageSize = 0 } = result;
    peak = {
      used: Math.max(peak.used, usedSize),
      heap: Math.max(peak.heap, totalSize + embedderHeapUsedSize),
      buffers: Math.max(peak.buffers, backingStorageSize),
      samples: peak.samples + 1,
    };
    told();
    timer = setTimeout(ask, INTERVAL_MS);
  });
  ask();
  return {
    peak: async () => {
      await (hasEnded ? ended : Promise.race([first, ended]));
      return peak;
    },
    close: () => {
      clearTimeout(timer);
      socket.close();
    },
  };
}
