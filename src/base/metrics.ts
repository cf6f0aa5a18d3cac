// Numbers for operators: counters, gauges and histograms by name and labels, with a bound on how many series there are.

export type MetricType = 'counter' | 'gauge' | 'histogram';

export type MetricLabels = Readonly<Record<string, string>>;

export interface MetricDefinition {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** All that a series has; one that is not given is ''. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, growing, without the last one (+Inf). */
  readonly buckets?: readonly number[];
  /** Series kept at most; the one that was not counted in for the longest time goes first. Default: 20,000. */
  readonly maxSeries?: number;
}

/** `buckets`: how many values were at most so large, growing; the last one is `count`. */
export interface HistogramValue {
  readonly bounds: readonly number[];
  readonly buckets: readonly number[];
  readonly sum: number;
  readonly count: number;
}

export interface MetricSample {
  readonly labels: MetricLabels;
  readonly value: number | HistogramValue;
}

export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

export interface Metrics {
  /** Adds to a counter or gauge. Without effect for a name that is not defined: counting never fails. */
  count(name: string, labels: MetricLabels, by?: number): void;
  /** What a gauge says from now on. */
  set(name: string, labels: MetricLabels, value: number): void;
  /** A value of a histogram. */
  observe(name: string, labels: MetricLabels, value: number): void;
  /** Drops every series that has all of these labels. */
  forget(labels: MetricLabels): void;
  /** In the order of their definitions; those without a series are left out. */
  families(): readonly MetricFamily[];
}

const MAX_SERIES = 20_000;

interface Series {
  readonly labels: MetricLabels;
  value: number;
  sum: number;
  readonly counts: number[];
}

export function createMetrics(definitions: readonly MetricDefinition[]): Metrics {
  const known = new Map(
    definitions.map((definition) => [definition.name, { definition, series: new Map<string, Series>() }]),
  );

  function seriesOf(name: string, type: (type: MetricType) => boolean, labels: MetricLabels): Series | undefined {
    const metric = known.get(name);
    if (!metric || !type(metric.definition.type)) return undefined;
    const { definition, series } = metric;
    const values = definition.labels.map((label) => labels[label] ?? '');
    const key = JSON.stringify(values);
    const found = series.get(key) ?? {
      labels: Object.fromEntries(definition.labels.map((label, index) => [label, values[index] ?? ''])),
      value: 0,
      sum: 0,
      counts: (definition.buckets ?? []).map(() => 0),
    };
    // The order of a Map is that of use.
    series.delete(key);
    series.set(key, found);
    const [oldest] = series.keys();
    if (series.size > (definition.maxSeries ?? MAX_SERIES) && oldest !== undefined) series.delete(oldest);
    return found;
  }

  return {
    count: (name, labels, by = 1) => {
      const series = seriesOf(name, (type) => type !== 'histogram', labels);
      if (series) series.value += by;
    },
    set: (name, labels, value) => {
      const series = seriesOf(name, (type) => type === 'gauge', labels);
      if (series) series.value = value;
    },
    observe: (name, labels, value) => {
      const series = seriesOf(name, (type) => type === 'histogram', labels);
      if (!series) return;
      series.value++;
      series.sum += value;
      const bounds = known.get(name)?.definition.buckets ?? [];
      const place = bounds.findIndex((bound) => value <= bound);
      if (place >= 0) series.counts[place] = (series.counts[place] ?? 0) + 1;
    },
    forget: (labels) => {
      const wanted = Object.entries(labels);
      for (const { series } of known.values()) {
        for (const [key, one] of series) {
          if (wanted.every(([label, value]) => one.labels[label] === value)) series.delete(key);
        }
      }
    },
    families: () =>
      [...known.values()]
        .filter(({ series }) => series.size > 0)
        .map(({ definition, series }) => {
          const { name, type, help, buckets = [] } = definition;
          const samples = [...series.values()].map((one) => ({
            labels: one.labels,
            value: type === 'histogram' ? histogramOf(buckets, one) : one.value,
          }));
          return { name, type, help, samples };
        }),
  };
}

function histogramOf(bounds: readonly number[], { counts, value, sum }: Series): HistogramValue {
  let below = 0;
  const buckets = counts.map((count) => {
    below += count;
    return below;
  });
  return { bounds, buckets: [...buckets, value], sum, count: value };
}
