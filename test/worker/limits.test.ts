// A large sync within the limits that Cloudflare documents, some of them set lower: memory of an isolate, requests at once, requests an event.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuntimeGround, type RuntimeGround } from '../runtime/support/ground.ts';
import { parseMetrics } from '../support/metrics-parser.ts';
import { createHeadCounter, type HeadCounter } from './support/head-counter.ts';
import { createHeapMeter, type HeapMeter } from './support/heap-meter.ts';
import { bigChart } from './support/many-objects.ts';

const OBJECTS = 500;
const CONNECTIONS = 6;
const REQUESTS = 50;
const MEMORY_BYTES = 128 << 20;

/** V8 ends an isolate that needs more than 112 MB for what is old and 3 × 4 MB for what is young. */
const V8_FLAGS = '--max-old-space-size=112 --max-semi-space-size=4';

describe(`a sync of ${OBJECTS} objects with ${CONNECTIONS} connections and ${REQUESTS} requests an event`, () => {
  let ground: RuntimeGround;
  let counter: HeadCounter;
  let meter: HeapMeter;

  beforeAll(async () => {
    counter = createHeadCounter();
    const before = process.env.MINIFLARE_WORKERD_V8_FLAGS;
    process.env.MINIFLARE_WORKERD_V8_FLAGS = V8_FLAGS;
    try {
      ground = await createRuntimeGround({
        through: (sandbox) => ({
          ...sandbox,
          fetch: (path, init) => counter.counted(() => sandbox.fetch(path, init)),
        }),
        answerGit: (request) => counter.passed(request),
        variables: { HAWSER_CONNECTIONS: String(CONNECTIONS), HAWSER_EVENT_REQUESTS: String(REQUESTS) },
        inspected: true,
      });
    } finally {
      if (before === undefined) delete process.env.MINIFLARE_WORKERD_V8_FLAGS;
      else process.env.MINIFLARE_WORKERD_V8_FLAGS = before;
    }
    meter = await createHeapMeter(ground.inspectorUrl ?? '');
    const repository = await ground.createRepository('devops/big', bigChart(OBJECTS));
    const place = { repository, path: 'manifests', destinationNamespace: 'big' };
    await ground.createApplication({ ...place, name: 'big', automated: {} });
  });
  afterAll(async () => {
    meter?.close();
    await ground?.close();
  });

  it('is done, in one event after another', async () => {
    const { status } = await ground.request('POST', '/api/refresh', { application: 'big' });
    expect(status).toBe(202);
    await ground.until('big', { status: { sync: { status: 'Synced' }, operationState: { phase: 'Succeeded' } } });
    expect((await ground.application('big')).status.resources).toHaveLength(OBJECTS);
  });

  it('had few requests at once', () => {
    expect(counter.most).toBeLessThanOrEqual(CONNECTIONS);
    expect(counter.total).toBeGreaterThan(2 * OBJECTS);
  });

  it('made no more requests in an event than its share, and took several events', async () => {
    const metrics = parseMetrics(await (await ground.open('/metrics')).text());
    const samples = metrics.get('hawser_worker_invocation_requests')?.samples ?? [];
    const sumOf = (suffix: string, le?: string) =>
      samples
        .filter(({ name, labels }) => name.endsWith(suffix) && labels.le === le)
        .reduce((sum, { value }) => sum + value, 0);
    const events = sumOf('_count');
    expect(sumOf('_bucket', String(REQUESTS))).toBe(events);
    expect(events).toBeGreaterThan((2 * OBJECTS) / REQUESTS);
    // Nothing is sent that is not counted; the event that goes on is not among them yet.
    expect(counter.total - sumOf('_sum')).toBeLessThanOrEqual(REQUESTS);
  });

  it('stayed below the memory of an isolate', async () => {
    const { heap, buffers, used, samples } = await meter.peak();
    const mb = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
    console.info(`${OBJECTS} objects: heap ${mb(heap)} (used ${mb(used)}), buffers ${mb(buffers)}, ${samples} samples`);
    expect(heap + buffers).toBeLessThan(MEMORY_BYTES);
  });
});
