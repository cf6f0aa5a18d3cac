import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../../src/base/errors.ts';
import type { BuildOptions, KustomizeLimits } from '../../../src/render/kustomize/kustomize.ts';
import { build, configMap, type Files } from './build.ts';

const FILES: Files = {
  'kustomization.yaml': `resources: [a, b]
patches:
- target: {kind: ConfigMap}
  patch: '- {op: copy, from: /data, path: /more}'
`,
  'a/kustomization.yaml': 'resources: [c.yaml]\n',
  'a/c.yaml': configMap('a', { k: 'v' }),
  'b/kustomization.yaml': 'resources: [c.yaml]\n',
  'b/c.yaml': configMap('b', { k: 'v' }),
};

/** Of each of the two resources: keys and values are nodes. */
const NODES = 13;

/**
 * What this build takes: two bases, all files, two resources gathered twice, two copies of two values each, its output. The first resource is
 * looked at when the second comes, both by the patch, which goes through them.
 */
const TAKEN = {
  kustomizations: 2,
  inputBytes: Object.values(FILES).reduce((sum, { length }) => sum + length, 0),
  resources: 4,
  copiedNodes: 4,
  steps: 1 + (2 + 2 * NODES) + 2 * NODES,
  outputLength: build(FILES).replaceAll('---\n', '').length,
};

function endOf(files: Files, options: BuildOptions): string {
  try {
    return `output of ${build(files, '', options).length}`;
  } catch (error) {
    return isHawserError(error) ? `${error.code}: ${String(error.data.limit)}` : String(error);
  }
}

describe('the limits of a build', () => {
  it.each(Object.entries(TAKEN))('let it take what it may, and no more: %s', (limit, taken) => {
    const withLimit = (bound: number): Partial<KustomizeLimits> => ({ [limit]: bound });
    expect(endOf(FILES, { limits: withLimit(taken) })).toMatch(/^output/);
    expect(endOf(FILES, { limits: withLimit(taken - 1) })).toBe(`LimitExceeded: ${limit}`);
  });

  it('end one that takes too long, by the clock that is given', () => {
    let ms = 0;
    const now = () => ms++;
    expect(endOf(FILES, { now })).toMatch(/^output/);
    ms = 0;
    expect(endOf(FILES, { now, limits: { buildMs: 3 } })).toBe('LimitExceeded: buildMs');
  });

  it('stop no search in a text of open parentheses', () => {
    const files = {
      'kustomization.yaml':
        'resources: [c.yaml, p.yaml]\nvars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: c}}]\n',
      'c.yaml': configMap('c'),
      'p.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, args: ["${'$('.repeat(300_000)}"]}]}\n`,
    };
    expect(build(files)).toContain(`${'$('.repeat(300_000)}\n`);
  });
});
