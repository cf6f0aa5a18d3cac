// Kustomizations that name themselves, far too many others, or patterns that take for ever, and the error that must end each.

import { buildKustomization } from '../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../src/render/tree.ts';
import type { HostileInput } from './hostile.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v}\n';
/** Where the harm would lie in the time alone: after it, something that fails. */
const FAILING_PATCH = `[{"op": "remove", "path": "/data/none"}]`;

export const HOSTILE_REFERENCES: readonly HostileInput[] = [
  {
    name: 'two bases of each other',
    codes: ['RenderFailed'],
    message: /contains 'a', which leads to it/,
    run: () => build({ 'a/kustomization.yaml': 'resources: [../b]', 'b/kustomization.yaml': 'resources: [../a]' }, 'a'),
  },
  {
    name: 'a chain of 20,000 bases',
    codes: ['LimitExceeded'],
    message: /nested too deeply|more than \d+ kustomizations/,
    run: () => build(chainOfBases(20_000), 'd0'),
  },
  {
    name: 'merge keys of merge keys',
    codes: ['LimitExceeded'],
    message: /alias|more than \d+/,
    run: () => build({ 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': CONFIG_MAP + mergesOfMerges() }),
  },
  {
    name: 'a catastrophic regular expression in a target',
    codes: ['RenderFailed'],
    message: /\/data\/none/,
    run: () =>
      build({
        'kustomization.yaml': [
          'resources: [a.yaml]',
          'patches:',
          `- {target: {name: "(a+)+"}, patch: '[{"op": "add", "path": "/data/x", "value": "y"}]'}`,
          `- {target: {kind: ConfigMap}, patch: '${FAILING_PATCH}'}`,
        ].join('\n'),
        'a.yaml': CONFIG_MAP.replace('name: c', `name: ${'a'.repeat(5_000)}-`),
      }),
  },
  {
    name: 'a catastrophic regular expression in the name of an image',
    codes: ['RenderFailed'],
    message: /\/data\/none/,
    run: () =>
      build({
        'kustomization.yaml':
          'resources: [pod.yaml, a.yaml]\nimages: [{name: "(a+)+", newTag: x}]\ntransformers: [t.yaml]',
        'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: ${'a'.repeat(5_000)}-}]}\n`,
        'a.yaml': CONFIG_MAP,
        't.yaml': `apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\ntarget: {kind: ConfigMap}\npatch: '${FAILING_PATCH}'\n`,
      }),
  },
  {
    name: 'a schema that refers to itself',
    codes: ['RenderFailed', 'LimitExceeded'],
    message: /\/data\/none|more than \d+/,
    run: () =>
      build({
        'kustomization.yaml': [
          'resources: [a.yaml, x.yaml]',
          'openapi: {path: schema.json}',
          'patches:',
          '- {path: x.yaml}',
          `- {target: {kind: ConfigMap}, patch: '${FAILING_PATCH}'}`,
        ].join('\n'),
        'a.yaml': CONFIG_MAP,
        'x.yaml': 'apiVersion: example.com/v1\nkind: X\nmetadata: {name: x}\nspec: {a: {a: {a: {}}}}\n',
        'schema.json': JSON.stringify({
          definitions: {
            X: {
              'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'X' }],
              properties: { spec: { $ref: '#/definitions/Spec' } },
            },
            Spec: { $ref: '#/definitions/Spec' },
          },
        }),
      }),
  },
];

function build(files: Readonly<Record<string, string>>, path = ''): string {
  return buildKustomization(memoryTree(files), path);
}

function chainOfBases(length: number): Record<string, string> {
  const files: Record<string, string> = { [`d${length}/kustomization.yaml`]: 'resources: [a.yaml]' };
  files[`d${length}/a.yaml`] = CONFIG_MAP;
  for (let level = 0; level < length; level++) files[`d${level}/kustomization.yaml`] = `resources: [../d${level + 1}]`;
  return files;
}

/** Maps that merge the one before, and hold it nine times. */
function mergesOfMerges(): string {
  const line = (index: number) =>
    `m${index}: &m${index}\n  <<: *m${index - 1}\n${Array.from({ length: 9 }, (_, key) => `  k${key}: *m${index - 1}\n`).join('')}`;
  return `m0: &m0 {x: y}\n${Array.from({ length: 9 }, (_, index) => line(index + 1)).join('')}`;
}
