// Laws that hold for any input. HAWSER_FUZZ_RUNS raises the number of runs.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HawserError } from '../../../src/base/errors.ts';
import { compareVersions, formatVersion, parseConstraint, parseVersion, satisfies } from '../../../src/base/semver.ts';
import { decodeBaseN, encodeBaseN } from '../../../src/render/go/base-n.ts';
import { parseGoDuration } from '../../../src/render/go/duration.ts';
import { encodeJson } from '../../../src/render/go/json.ts';
import { formatDuration } from '../../../src/render/go/stringer.ts';
import { formatRfc3339 } from '../../../src/render/go/time-format.ts';
import { parseTime } from '../../../src/render/go/time-parse.ts';
import { formatGoUrl, parseGoUrl } from '../../../src/render/go/url.ts';
import type { GoValue } from '../../../src/render/go/value.ts';
import { UNCOUNTED } from '../../../src/render/go/work.ts';
import { UTC } from '../../../src/render/go/zone.ts';
import { decodeToml } from '../../../src/render/helm/functions/toml-decode.ts';
import { encodeToml } from '../../../src/render/helm/functions/toml-encode.ts';
import { decryptCbc, encryptCbc } from '../../../src/render/sprig/crypto/aes.ts';
import { mergeInto } from '../../../src/render/sprig/merge.ts';

const RUNS = Number(process.env.HAWSER_FUZZ_RUNS ?? 200);

/** Fails for anything thrown that is no HawserError. */
function survives(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
  }
}

const version = fc
  .record({
    numbers: fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }),
    prerelease: fc.option(fc.stringMatching(/^(?:0|[1-9][0-9]{0,2}|[a-z-]{1,3})(?:\.[a-z]{1,2})?$/)),
  })
  .map(({ numbers, prerelease }) => parseVersion(numbers.join('.') + (prerelease === null ? '' : `-${prerelease}`)));

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const dict: fc.Arbitrary<Map<string, GoValue>> = fc.letrec<{ value: GoValue; dict: Map<string, GoValue> }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar, { maxLength: 3 }), tie('dict')),
  dict: fc
    .array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 4 }), tie('value')), { maxLength: 4 })
    .map((entries) => new Map(entries)),
})).dict;

describe('laws', () => {
  it('versions have a total order, and their text means themselves', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersions(a, b)).toBe(0 - compareVersions(b, a));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        expect(formatVersion(parseVersion(formatVersion(a)))).toBe(formatVersion(a));
        expect(satisfies(a, parseConstraint(`=${formatVersion(a)}`))).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('no text makes the parsers throw anything but their own errors', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, layout) => {
        survives(() => parseVersion(text));
        survives(() => parseConstraint(text));
        survives(() => decodeToml(text));
        survives(() => decodeToml(`a = ${text}`));
        survives(() => parseGoUrl(text));
        survives(() => parseGoDuration(text));
        survives(() => parseTime(layout, text, UTC));
      }),
      { numRuns: RUNS },
    );
  });

  it('TOML reads what it wrote', () => {
    fc.assert(
      fc.property(dict, (value) => {
        expect(encodeJson(decodeToml(encodeToml(value)))).toBe(encodeJson(value));
      }),
      { numRuns: RUNS },
    );
  });

  it('durations and times read what they wrote', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (nanoseconds) => {
        expect(parseGoDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
      }),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
        fc.nat(999_999_999),
        (seconds, nanoseconds) => {
          const text = formatRfc3339({ seconds, nanoseconds, zone: UTC });
          expect(parseTime('2006-01-02T15:04:05Z07:00', text, UTC)).toMatchObject({ seconds, nanoseconds });
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('URLs that were read are written so that they read the same', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (text) => {
        const url = parseGoUrl(text);
        expect(parseGoUrl(formatGoUrl(url))).toEqual(url);
      }),
      { numRuns: RUNS },
    );
  });

  it('encodings and ciphers give back what they took', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes, key) => {
        for (const name of ['base64', 'base32'] as const) {
          const encoded = new TextEncoder().encode(encodeBaseN(name, bytes));
          expect(decodeBaseN(name, encoded)).toEqual({ bytes });
        }
        const blocks = bytes.subarray(0, bytes.length - (bytes.length % 16));
        const iv = key.subarray(0, 16);
        expect(decryptCbc(key, iv, encryptCbc(key, iv, blocks))).toEqual(blocks.slice());
      }),
      { numRuns: RUNS },
    );
  });

  it('merging a dict into nothing gives it, and a second time changes nothing', () => {
    fc.assert(
      fc.property(dict, fc.boolean(), (source, overwrite) => {
        const target = new Map<string, GoValue>();
        mergeInto(UNCOUNTED, target, source, overwrite);
        const once = encodeJson(target);
        expect(once).toBe(encodeJson(source));
        mergeInto(UNCOUNTED, target, source, overwrite);
        expect(encodeJson(target)).toBe(once);
      }),
      { numRuns: RUNS },
    );
  });
});
