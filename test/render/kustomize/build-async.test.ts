// A build whose remote bases and files arrive while it waits.

import { describe, expect, it } from 'vitest';
import { type AsyncRemoteSources, buildKustomizationAsync, memoryTree } from '../../../src/library/kustomize.ts';

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

function build(files: Record<string, string>, remote: Partial<AsyncRemoteSources>, warn?: (message: string) => void) {
  return buildKustomizationAsync(memoryTree(files), '', {
    remote: {
      readFile: async () => ({ status: 404 }),
      openRepository: async () => {
        throw new Error('there is none');
      },
      ...remote,
    },
    ...(warn && { warn }),
  });
}

describe('a build with asynchronous remote sources', () => {
  it('asks for each base and each file once, and gives what all of them make', async () => {
    const asked: string[] = [];
    const text = await build(
      {
        'kustomization.yaml':
          'resources: ["https://example.com/a.yaml", "https://git.example.com/o/r//one?ref=v1"]\nnamePrefix: p-\n',
      },
      {
        readFile: async (url) => {
          asked.push(url);
          return url.endsWith('/a.yaml') ? new TextEncoder().encode(configMap('a')) : { status: 404 };
        },
        openRepository: async ({ cloneUrl, path, ref }) => {
          asked.push(`${cloneUrl} ${path} ${ref}`);
          return memoryTree({
            'one/kustomization.yaml': 'resources: [b.yaml, "https://git.example.com/o/s//two"]\n',
            'one/b.yaml': configMap('b'),
            'two/kustomization.yaml': 'resources: [c.yaml]\n',
            'two/c.yaml': configMap('c'),
          });
        },
      },
    );
    expect(text.match(/name: .*/g)).toEqual(['name: p-a', 'name: p-b', 'name: p-c']);
    expect(asked).toEqual([
      'https://example.com/a.yaml',
      'https://git.example.com/o/r//one?ref=v1',
      'https://git.example.com/o/r one v1',
      'https://git.example.com/o/s//two',
      'https://git.example.com/o/s two ',
    ]);
  });

  it('tells its warnings once, however often it begins again', async () => {
    const warnings: string[] = [];
    const files = { 'kustomization.yaml': 'bases: ["https://git.example.com/o/r//one"]\n' };
    const tree = memoryTree({ 'one/kustomization.yaml': 'resources: [b.yaml]\n', 'one/b.yaml': configMap('b') });
    await build(files, { openRepository: async () => tree }, (message) => warnings.push(message));
    expect(warnings).toEqual([expect.stringContaining("'bases'")]);
  });

  it.each<[title: string, remote: Partial<AsyncRemoteSources>, resource: string, error: RegExp]>([
    ['fails as its sources fail', {}, 'https://git.example.com/o/r//one', /there is none/],
    ['fails for a file that is not there', {}, 'https://example.com/x.yaml', /answered 404/],
    [
      'fails for a chain of bases without an end',
      { openRepository: async ({ path }) => memoryTree({ [`${path}/kustomization.yaml`]: next(path) }) },
      'https://git.example.com/o/r//1',
      /more than 50 times in a row/,
    ],
    [
      'fails for a base that leads to itself',
      { openRepository: async () => memoryTree({ '1/kustomization.yaml': 'resources: ["https://h/o/r//1"]\n' }) },
      'https://h/o/r//1',
      /leads to itself/,
    ],
  ])('%s', async (_, remote, resource, error) => {
    await expect(build({ 'kustomization.yaml': `resources: ["${resource}"]\n` }, remote)).rejects.toThrow(error);
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    const building = buildKustomizationAsync(
      memoryTree({ 'kustomization.yaml': 'resources: ["https://h/o/r//1", "https://h/o/r//2"]\n' }),
      '',
      {
        signal: controller.signal,
        remote: {
          readFile: async () => {
            controller.abort(new Error('enough'));
            return { status: 404 };
          },
          openRepository: async () => memoryTree({}),
        },
      },
    );
    await expect(building).rejects.toThrow('enough');
  });
});

function next(path: string): string {
  return `resources: ["https://git.example.com/o/r//${Number(path) + 1}"]\n`;
}
