// Metrics as Prometheus reads them: its text format 0.0.4 and OpenMetrics 1.0, which differ in little
// (prometheus.io: Exposition formats; OpenMetrics: ABNF).

import type { HistogramValue, MetricFamily, MetricLabels } from './metrics.ts';

export type MetricsFormat = 'text' | 'openmetrics';

export const METRICS_TYPES = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const satisfies Record<MetricsFormat, string>;

/** What a scraper asks for in its Accept header; the text format where it does not care. */
export function chooseMetricsFormat(accept: string | null | undefined): MetricsFormat {
  return /application\/openmetrics-text(?![^,]*;\s*q=0(\.0*)?\s*(,|$))/i.test(accept ?? '') ? 'openmetrics' : 'text';
}

export function formatMetrics(families: readonly MetricFamily[], format: MetricsFormat): string {
  const lines: string[] = [];
  for (const family of families) {
    const { name, type, help, samples } = family;
    // In OpenMetrics a counter's family has no `_total`, which each of its samples has.
    const isOpenCounter = format === 'openmetrics' && type === 'counter';
    const title = isOpenCounter ? name.replace(/_total$/, '') : name;
    const shown = isOpenCounter ? `${title}_total` : name;
    lines.push(`# HELP ${title} ${escapeHelp(help, format)}`, `# TYPE ${title} ${type}`);
    for (const { labels, value } of samples) {
      if (typeof value === 'number') lines.push(`${shown}${formatLabels(labels)} ${formatValue(value)}`);
      else lines.push(...histogramLines(name, labels, value, format));
    }
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function histogramLines(
  name: string,
  labels: MetricLabels,
  histogram: HistogramValue,
  format: MetricsFormat,
): readonly string[] {
  const { bounds, buckets, sum, count } = histogram;
  const bucketLines = buckets.map((below, index) => {
    const bound = bounds[index];
    const le = bound === undefined ? '+Inf' : formatBound(bound, format);
    return `${name}_bucket${formatLabels({ ...labels, le })} ${formatValue(below)}`;
  });
  const own = formatLabels(labels);
  return [...bucketLines, `${name}_sum${own} ${formatValue(sum)}`, `${name}_count${own} ${formatValue(count)}`];
}

/** As Go's clients write them, so that series keep their names: `1` in the text format, `1.0` in OpenMetrics. */
function formatBound(bound: number, format: MetricsFormat): string {
  return format === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function formatLabels(labels: MetricLabels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(help: string, format: MetricsFormat): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
