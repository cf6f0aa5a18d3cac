import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, it } from 'vitest';
import { HawserError } from '../../../src/base/errors.ts';
import { loadChartArchive } from '../../../src/render/helm/load.ts';
import { matchesPath } from '../../../src/render/helm/path-match.ts';
import { splitManifests } from '../../../src/render/helm/split-manifests.ts';
import { applySet, applySetJson, applySetLiteral } from '../../../src/render/helm/strvals.ts';
import { packTar } from './pack-tar.ts';

const RUNS = { numRuns: Number(process.env.HAWSER_FUZZ_RUNS ?? 300) };

/** Whatever the input: an answer, or an error of hawser's own. */
function holds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof HawserError) return true;
    throw error;
  }
}

const line = fc.string({ unit: fc.constantFrom(...'ab01.=,[]{}\\"-: '), maxLength: 30 });

describe('hostile input', () => {
  it('never crashes the readers of --set flags', () => {
    fc.assert(
      fc.property(line, fc.constantFrom(applySet, applySetJson, applySetLiteral), (text, apply) =>
        holds(() => apply(text, new Map())),
      ),
      RUNS,
    );
  });

  it('never crashes path patterns', () => {
    const pattern = fc.string({ unit: fc.constantFrom(...'ab*?[]^-\\/'), maxLength: 12 });
    fc.assert(
      fc.property(pattern, line, (text, path) => holds(() => matchesPath(text, path))),
      RUNS,
    );
  });

  it('never crashes the reader of archives, be they cut, changed or no archives', () => {
    const whole = gzipSync(packTar([{ name: 'a/Chart.yaml', content: 'name: a\nversion: 1.0.0' }]));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const changed = Uint8Array.from(isCut ? whole.subarray(0, at) : whole);
        if (!isCut) changed[at] = byte;
        return holds(() => loadChartArchive(changed, 'x.tgz'));
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (tar) => holds(() => loadChartArchive(gzipSync(tar), 'x.tgz'))),
      RUNS,
    );
  });

  it('loses nothing but separators and blanks when it splits manifests', () => {
    const text = fc.string({ unit: fc.constantFrom('-', '---', '\n', ' ', 'a: 1'), maxLength: 40 });
    const bare = (value: string) => value.replace(/[-\s]/g, '');
    fc.assert(
      fc.property(text, (value) => bare(splitManifests(value).join('')) === bare(value)),
      RUNS,
    );
  });
});
