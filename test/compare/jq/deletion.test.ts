import { describe, expect, it } from 'vitest';
import { compileDeletion } from '../../../src/compare/jq/deletion.ts';

const value = {
  metadata: { annotations: { 'a.b/c': '1', 'x.y/z': '2' } },
  spec: {
    replicas: 1,
    containers: [
      { name: 'app', image: 'x:1', env: [{ name: 'A.B', value: '1' }] },
      { name: 'sidecar', image: 'proxy:2', on: true },
    ],
  },
};

const names = (found: unknown) => JSON.stringify(found);

describe('an object without what a jq expression names', () => {
  it.each<[string, (copy: typeof value) => unknown]>([
    ['.spec.replicas', ({ spec, ...rest }) => ({ ...rest, spec: { containers: spec.containers } })],
    ['.spec.missing.deeper', (copy) => copy],
    [
      '.spec.containers[1]',
      ({ spec, ...rest }) => ({ ...rest, spec: { ...spec, containers: spec.containers.slice(0, 1) } }),
    ],
    [
      '.spec.containers[-1:]',
      ({ spec, ...rest }) => ({ ...rest, spec: { ...spec, containers: spec.containers.slice(0, 1) } }),
    ],
    [
      '.spec.containers[] | select(.image | startswith("proxy"))',
      ({ spec, ...rest }) => ({ ...rest, spec: { ...spec, containers: spec.containers.slice(0, 1) } }),
    ],
    [
      '.spec.containers[] | select(.name == "app" or .on)',
      ({ spec, ...rest }) => ({ ...rest, spec: { ...spec, containers: [] } }),
    ],
    [
      '.metadata.annotations | to_entries[] | select(.key | test("^a")) | .key',
      // It lies on no path any more: the rule fails at it, and is skipped.
      (copy) => copy,
    ],
    [
      '.metadata.annotations[(.metadata.annotations | keys[] | select(test("^a")))]',
      (copy) => ({ ...copy, metadata: { annotations: { 'x.y/z': '2' } } }),
    ],
    [
      '.. | .image?',
      (copy) => ({
        ...copy,
        spec: { ...copy.spec, containers: copy.spec.containers.map(({ image: _, ...rest }) => rest) },
      }),
    ],
    [
      '.spec.containers[]?.env[]? | select(.name == "A.B") | .value',
      ({ spec, ...rest }) => ({
        ...rest,
        spec: {
          ...spec,
          containers: spec.containers.map((container) =>
            container.env ? { ...container, env: [{ name: 'A.B' }] } : container,
          ),
        },
      }),
    ],
    ['.spec.replicas, .metadata', ({ spec }) => ({ spec: { containers: spec.containers } })],
    ['.spec["replicas"]) | del(.metadata', ({ spec }) => ({ spec: { containers: spec.containers } })],
    ['.spec.replicas[0]', (copy) => copy],
    ['.spec.containers[] | error("x")', (copy) => copy],
    ['[range(1e9)]', (copy) => copy],
  ])('%s', (expression, expected) => {
    const before = names(value);
    expect(compileDeletion(expression)(value)).toEqual(expected(structuredClone(value)));
    expect(names(value)).toBe(before);
  });

  it('does not read what is no jq', () => {
    expect(() => compileDeletion('.spec[')).toThrow('unexpected token ")"');
    expect(() => compileDeletion('.a; .b')).toThrow('function not defined: del/2');
  });
});
