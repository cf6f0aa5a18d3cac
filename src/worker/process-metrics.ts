// What workerd tells of this process, under Node's names: when it began. Its memory and CPU time it tells nobody (process.memoryUsage() is
// all zeros there, process.cpuUsage() throws), and numbers that are made up would be worse than none.

import type { MetricFamily } from '../base/metrics.ts';

/** `startedAtMs`: when this life of the object began. */
export function createProcessMetrics(startedAtMs: number): () => readonly MetricFamily[] {
  return () => [
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'Start time of the process since unix epoch in seconds.',
      samples: [{ labels: {}, value: startedAtMs / 1_000 }],
    },
  ];
}
