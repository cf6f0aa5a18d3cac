// Kustomizations that mean harm, and the error that must end each.

import { buildKustomization } from '../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../src/render/tree.ts';
import type { HostileInput } from './hostile.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v, l: w}\n';

export const HOSTILE_KUSTOMIZATIONS: readonly HostileInput[] = [
  {
    name: 'bases that each name two bases, which name two',
    codes: ['LimitExceeded'],
    message: /more than \d+ kustomizations read/,
    run: () => {
      const level = (depth: number, resources: string) =>
        ['a', 'b'].map((side) => [
          `${side}${depth}/kustomization.yaml`,
          `namePrefix: ${side}\nresources: ${resources}\n`,
        ]);
      const levels = Array.from({ length: 30 }, (_, depth) => level(depth, `[../a${depth + 1}, ../b${depth + 1}]`));
      return build({
        'kustomization.yaml': 'resources: [a0]\n',
        ...Object.fromEntries([...levels.flat(), ...level(30, '[c.yaml]')]),
        'a30/c.yaml': CONFIG_MAP,
        'b30/c.yaml': CONFIG_MAP,
      });
    },
  },
  {
    name: 'components that each name two components, which name two',
    codes: ['LimitExceeded'],
    message: /more than \d+ kustomizations read/,
    run: () => {
      const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
      const level = (depth: number) => [
        [`a${depth}/kustomization.yaml`, `${component}components: [../a${depth + 1}, ../b${depth + 1}]\n`],
        [`b${depth}/kustomization.yaml`, `${component}components: [../a${depth + 1}, ../b${depth + 1}]\n`],
      ];
      return build({
        'kustomization.yaml': 'components: [a0]\n',
        ...Object.fromEntries(Array.from({ length: 30 }, (_, depth) => level(depth)).flat()),
        'a30/kustomization.yaml': `${component}namePrefix: a\n`,
        'b30/kustomization.yaml': `${component}namePrefix: b\n`,
      });
    },
  },
  {
    name: 'aliases of aliases in a resource',
    codes: ['LimitExceeded'],
    message: /expand to too many nodes/,
    run: () =>
      build({
        'kustomization.yaml': 'resources: [c.yaml]\n',
        'c.yaml': `${CONFIG_MAP}a0: &a0 [x]\n${times(14, (i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]\n`)}`,
      }),
  },
  {
    name: 'brackets in brackets in a kustomization',
    codes: ['LimitExceeded'],
    message: /nested deeper than \d+/,
    run: () => build({ 'kustomization.yaml': `resources: ${'['.repeat(100_000)}\n` }),
  },
  {
    name: 'a JSON patch that copies what it has copied',
    codes: ['LimitExceeded'],
    message: /more than \d+ nodes copied/,
    run: () =>
      build({
        'kustomization.yaml': 'resources: [c.yaml]\npatches: [{target: {kind: ConfigMap}, path: p.yaml}]\n',
        'c.yaml': CONFIG_MAP,
        'p.yaml': times(60, (i) => `- {op: copy, from: /data, path: /data/x${i}}\n`),
      }),
  },
  {
    name: 'replacements that put a mapping into itself',
    codes: ['LimitExceeded'],
    message: /more than \d+ nodes copied/,
    run: () => build(replacing((i) => `source: {fieldPath: data}, targets: [${target(`data.x${i}`, 'create: true')}]`)),
  },
  {
    name: 'replacements that double a text',
    codes: ['LimitExceeded'],
    message: /more than \d+ (?:nodes copied|characters)/,
    run: () =>
      build(
        replacing(() => `source: {fieldPath: data.k}, targets: [${target('data.k', 'delimiter: "|", index: -1')}]`),
      ),
  },
  {
    name: 'replacements that put two texts into each other',
    codes: ['LimitExceeded'],
    message: /more than \d+ (?:nodes copied|characters)/,
    run: () =>
      build(
        replacing((i) => {
          const [from, to] = i % 2 === 0 ? ['k', 'l'] : ['l', 'k'];
          return `source: {fieldPath: data.${from}}, targets: [${target(`data.${to}`, 'delimiter: "#", index: 99')}]`;
        }),
      ),
  },
  {
    name: 'a long var in a text full of it',
    codes: ['LimitExceeded'],
    message: /more than \d+ characters of output/,
    run: () =>
      build({
        'kustomization.yaml':
          'resources: [c.yaml, p.yaml]\nvars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: c}, fieldref: {fieldpath: data.k}}]\n',
        'c.yaml': CONFIG_MAP.replace('k: v', `k: ${'v'.repeat(100_000)}`),
        'p.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, args: ["${'$(A)'.repeat(100_000)}"]}]}\n`,
      }),
  },
];

function build(files: Readonly<Record<string, string>>): string {
  return buildKustomization(memoryTree(files), '');
}

function times(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

function replacing(fields: (index: number) => string): Readonly<Record<string, string>> {
  return {
    'kustomization.yaml': 'resources: [c.yaml]\nreplacements: [{path: r.yaml}]\n',
    'c.yaml': CONFIG_MAP,
    'r.yaml': times(60, (index) => `- {${fields(index)}}\n`),
  };
}

function target(path: string, options: string): string {
  return `{select: {kind: ConfigMap}, fieldPaths: ["${path}"], options: {${options}}}`;
}
