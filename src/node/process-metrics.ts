// What Node tells of this process, under the names that Prometheus' own clients use for it.

import type { MetricFamily, MetricType } from '../base/metrics.ts';

export function processMetrics(): readonly MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  const started = Date.now() / 1_000 - process.uptime();
  return [
    family(
      'process_cpu_seconds_total',
      'counter',
      'Total user and system CPU time spent in seconds.',
      (user + system) / 1e6,
    ),
    family(
      'process_start_time_seconds',
      'gauge',
      'Start time of the process since unix epoch in seconds.',
      Math.round(started * 1_000) / 1_000,
    ),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', rss),
    family('nodejs_heap_size_used_bytes', 'gauge', 'Process heap size used from Node.js in bytes.', heapUsed),
    family('nodejs_heap_size_total_bytes', 'gauge', 'Process heap size from Node.js in bytes.', heapTotal),
  ];
}

function family(name: string, type: MetricType, help: string, value: number): MetricFamily {
  return { name, type, help, samples: [{ labels: {}, value }] };
}
