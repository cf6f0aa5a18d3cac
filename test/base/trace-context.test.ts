import { describe, expect, it } from 'vitest';
import {
  childSpan,
  formatTrace,
  formatTraceparent,
  parseTrace,
  parseTraceparent,
  withTraceHeaders,
} from '../../src/base/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const GOOD = `00-${TRACE}-${SPAN}-01`;

describe('traceparent', () => {
  it('names a trace, whoever called, and whether that one records', () => {
    expect(parseTraceparent(GOOD, 'vendor=1')).toEqual({
      traceId: TRACE,
      parentId: SPAN,
      flags: '01',
      state: 'vendor=1',
    });
  });

  it.each([
    ['nothing', ''],
    ['capital letters', GOOD.toUpperCase()],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a caller of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the version ff', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `${GOOD}-more`],
    ['too short a trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['flags that are no number', `00-${TRACE}-${SPAN}-zz`],
    ['two headers in one', `${GOOD},${GOOD}`],
    ['a line break', `${GOOD}\nx: y`],
  ])('with %s is as if there were none', (_, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it('of a version to come counts as far as it is known', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-09-what-the-future-will-be-like`)).toEqual({
      ...{ traceId: TRACE, parentId: SPAN, flags: '01' },
    });
  });

  it('keeps no state that is too long or has other characters', () => {
    expect(parseTraceparent(GOOD, 'a'.repeat(1_025))?.state).toBeUndefined();
    expect(parseTraceparent(GOOD, 'a=ü')?.state).toBeUndefined();
  });

  it('is passed on with a span of its own', () => {
    const trace = parseTraceparent(GOOD, 'vendor=1');
    if (!trace) throw new Error('no trace');
    let calls = 0;
    // Zeros are no span.
    const child = childSpan(trace, (length) => new Uint8Array(length).fill(calls++));
    expect(formatTraceparent(child)).toBe(`00-${TRACE}-0101010101010101-01`);
    const headers = withTraceHeaders({ accept: 'x' }, child);
    expect(Object.fromEntries(headers)).toEqual({
      accept: 'x',
      traceparent: `00-${TRACE}-0101010101010101-01`,
      tracestate: 'vendor=1',
    });
    expect(withTraceHeaders({ traceparent: GOOD }, child).get('traceparent')).toBe(GOOD);
  });

  it('comes back from a record as it was put there', () => {
    const trace = parseTraceparent(GOOD, 'a=1, b=2');
    if (!trace) throw new Error('no trace');
    expect(parseTrace(formatTrace(trace))).toEqual(trace);
    expect(parseTrace(undefined)).toBeUndefined();
    expect(parseTrace('something else')).toBeUndefined();
  });
});
