// A strict reader of Prometheus' text format 0.0.4 and of OpenMetrics 1.0: throws at whatever a scraper might refuse.

export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  /** By name and labels, as written. */
  readonly samples: readonly ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const VALUE = /^([+-]?Inf|NaN|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?)$/;

export function parseMetrics(text: string, format: 'text' | 'openmetrics' = 'text'): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const lines = text.slice(0, -1).split('\n');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('no # EOF at the end');
  const families = new Map<string, { type: string; help: string; samples: ParsedSample[] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of lines) {
    const fail = (why: string) => new Error(`${why}: ${line}`);
    const meta = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (meta) {
      const [, word, name = '', rest = ''] = meta;
      if (!NAME.test(name)) throw fail('no name of a metric');
      if (word === 'HELP') {
        if (families.has(name)) throw fail('a family twice');
        const escapes = format === 'text' ? /\\[\\n]/g : /\\[\\n"]/g;
        if (rest.replace(escapes, '').includes('\\')) throw fail('a wrong escape');
        families.set(name, { type: '', help: rest, samples: [] });
        current = name;
      } else {
        const family = families.get(name);
        if (!family || name !== current || family.type !== '') throw fail('TYPE does not follow HELP');
        if (!['counter', 'gauge', 'histogram'].includes(rest)) throw fail('an unknown type');
        if (format === 'openmetrics' && rest === 'counter' && name.endsWith('_total')) {
          throw fail('a counter family with _total');
        }
        family.type = rest;
      }
      continue;
    }
    const family = families.get(current);
    if (!family?.type) throw fail('a sample without a family');
    const sample = parseSample(line, fail);
    if (!suffixes(family.type, format).some((suffix) => sample.name === current + suffix))
      throw fail(`not of ${current}`);
    const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (seen.has(key)) throw fail('a series twice');
    seen.add(key);
    if (family.type === 'counter' && !(sample.value >= 0)) throw fail('a counter below nothing');
    family.samples.push(sample);
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkHistogram(name, samples);
  return families;
}

function suffixes(type: string, format: string): readonly string[] {
  if (type === 'histogram') return ['_bucket', '_sum', '_count'];
  return type === 'counter' && format === 'openmetrics' ? ['_total'] : [''];
}

function parseSample(line: string, fail: (why: string) => Error): ParsedSample {
  const name = /^[^{\s]+/.exec(line)?.[0] ?? '';
  if (!NAME.test(name)) throw fail('no name of a metric');
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    while (!rest.startsWith('}')) {
      const pair = /^([a-zA-Z0-9_]+)="((?:[^"\\\n]|\\["\\n])*)"(,|(?=\}))/.exec(rest);
      const [all = '', label = '', value = ''] = pair ?? [];
      if (!pair || !LABEL.test(label) || label.startsWith('__')) throw fail('no label');
      if (Object.hasOwn(labels, label)) throw fail('a label twice');
      labels[label] = value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
      rest = rest.slice(all.length);
    }
    rest = rest.slice(1);
  }
  const value = rest.slice(1);
  if (!rest.startsWith(' ') || !VALUE.test(value)) throw fail('no value');
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

/** Buckets grow, the last one is +Inf and counts all. */
function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  const series = new Map<string, { bounds: number[]; counts: number[]; count?: number; sum?: number }>();
  for (const { name: own, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(Object.entries(others).sort());
    const one = series.get(key) ?? { bounds: [], counts: [] };
    series.set(key, one);
    if (own === `${name}_bucket`) {
      one.bounds.push(Number((le ?? 'none').replace('Inf', 'Infinity')));
      one.counts.push(value);
    } else if (own === `${name}_count`) one.count = value;
    else one.sum = value;
  }
  for (const { bounds, counts, count, sum } of series.values()) {
    const grows = (numbers: number[], strictly: boolean) =>
      numbers.every((number, index) => {
        const before = numbers[index - 1];
        return before === undefined || (strictly ? number > before : number >= before);
      });
    if (!grows(bounds, true) || !grows(counts, false)) throw new Error(`${name}: buckets that do not grow`);
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY) throw new Error(`${name}: no bucket +Inf`);
    if (count === undefined || sum === undefined || counts.at(-1) !== count) throw new Error(`${name}: a wrong count`);
  }
}
