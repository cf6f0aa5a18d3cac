import { describe, expect, it } from 'vitest';
import { createMetrics, type MetricDefinition } from '../../src/base/metrics.ts';
import { chooseMetricsFormat, formatMetrics } from '../../src/base/metrics-text.ts';
import { parseMetrics } from '../support/metrics-parser.ts';

const TABLE: readonly MetricDefinition[] = [
  { name: 'runs_total', type: 'counter', help: 'Runs, by "name" \\ and\nmore.', labels: ['name', 'namespace'] },
  { name: 'in_flight', type: 'gauge', help: 'Now.', labels: [] },
  { name: 'took_seconds', type: 'histogram', help: 'How long.', labels: ['name'], buckets: [0.5, 1, 2] },
  { name: 'bounded_total', type: 'counter', help: 'Few.', labels: ['name'], maxSeries: 2 },
];

describe('metrics', () => {
  it('count, observe and set, and show each in the text format', () => {
    const metrics = createMetrics(TABLE);
    metrics.count('runs_total', { name: 'a', namespace: 'n' });
    metrics.count('runs_total', { name: 'a', namespace: 'n' }, 2.5);
    metrics.count('in_flight', {});
    metrics.count('in_flight', {}, -1);
    for (const seconds of [0.5, 0.6, 3]) metrics.observe('took_seconds', { name: 'a' }, seconds);
    const text = formatMetrics(metrics.families(), 'text');
    expect(text).toBe(
      [
        '# HELP runs_total Runs, by "name" \\\\ and\\nmore.',
        '# TYPE runs_total counter',
        'runs_total{name="a",namespace="n"} 3.5',
        '# HELP in_flight Now.',
        '# TYPE in_flight gauge',
        'in_flight 0',
        '# HELP took_seconds How long.',
        '# TYPE took_seconds histogram',
        'took_seconds_bucket{name="a",le="0.5"} 1',
        'took_seconds_bucket{name="a",le="1"} 2',
        'took_seconds_bucket{name="a",le="2"} 2',
        'took_seconds_bucket{name="a",le="+Inf"} 3',
        'took_seconds_sum{name="a"} 4.1',
        'took_seconds_count{name="a"} 3',
        '',
      ].join('\n'),
    );
    expect(parseMetrics(text).size).toBe(3);
  });

  it('are the same numbers in OpenMetrics, whose counters are named without _total', () => {
    const metrics = createMetrics(TABLE);
    metrics.count('runs_total', { name: 'a' });
    metrics.observe('took_seconds', { name: 'a' }, 1);
    const families = parseMetrics(formatMetrics(metrics.families(), 'openmetrics'), 'openmetrics');
    expect([...families.keys()]).toEqual(['runs', 'took_seconds']);
    expect(families.get('runs')?.samples).toEqual([
      { name: 'runs_total', labels: { name: 'a', namespace: '' }, value: 1 },
    ]);
    expect(families.get('took_seconds')?.samples.map(({ labels }) => labels.le)).toEqual([
      ...['0.5', '1.0', '2.0', '+Inf'],
      ...[undefined, undefined],
    ]);
  });

  it.each(['"', '\\', '\n', '{}', 'ü', '\ud800', 'a"b\\c\nd', ','])('keep a label that is %j', (value) => {
    const metrics = createMetrics(TABLE);
    metrics.count('runs_total', { name: value });
    const [sample] = parseMetrics(formatMetrics(metrics.families(), 'text')).get('runs_total')?.samples ?? [];
    expect(sample?.labels.name).toBe(value.toWellFormed());
  });

  it('forget all that carries the labels of what is gone', () => {
    const metrics = createMetrics(TABLE);
    metrics.count('runs_total', { name: 'a', namespace: 'x' });
    metrics.count('runs_total', { name: 'a', namespace: 'y' });
    metrics.observe('took_seconds', { name: 'a' }, 1);
    metrics.forget({ name: 'a', namespace: 'x' });
    const shown = metrics.families().map(({ name, samples }) => [name, samples.length]);
    expect(shown).toEqual([
      ['runs_total', 1],
      ['took_seconds', 1],
    ]);
  });

  it('keep so many series as are allowed, those that were counted in last', () => {
    const metrics = createMetrics(TABLE);
    for (const name of ['a', 'b', 'a', 'c']) metrics.count('bounded_total', { name });
    expect(metrics.families()[0]?.samples.map(({ labels, value }) => [labels.name, value])).toEqual([
      ['a', 2],
      ['c', 1],
    ]);
  });

  it('take no harm from a name that is not defined, or is of another type', () => {
    const metrics = createMetrics(TABLE);
    metrics.count('nobody', {});
    metrics.count('took_seconds', {});
    metrics.observe('in_flight', {}, 1);
    metrics.set('runs_total', {}, 1);
    expect(metrics.families()).toEqual([]);
  });
});

describe('the format', () => {
  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/plain;version=0.0.4;q=1,*/*;q=0.1', 'text'],
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;q=0.5',
      'openmetrics',
    ],
    ['application/openmetrics-text;q=0,text/plain', 'text'],
  ])('for a scraper that accepts %j is %s', (accept, format) => {
    expect(chooseMetricsFormat(accept)).toBe(format);
  });
});
