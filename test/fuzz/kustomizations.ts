// Any kustomization, whole or damaged: an output or a HawserError that says what is wrong; never a crash, and the same each time.

import fc from 'fast-check';
import { HawserError } from '../../src/base/errors.ts';
import { buildKustomization } from '../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../src/render/tree.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: main
        image: nginx:1.25
        args: ["$(NAME)", "$$(NAME)"]
        ports: [{containerPort: 80, name: http}, {containerPort: 80, protocol: UDP}]
        env:
        - {name: A, value: "1"}
        - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: k}}}
      volumes:
      - {name: v, configMap: {name: settings}}
`;
const OTHERS = `# settings
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data: &data
  k: v # a value
  text: |
    line

  json: '{"a": {"b": 1}}'
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}
- apiVersion: x.example/v1
  kind: Custom
  metadata: {name: custom, namespace: other, annotations: {note: "yes"}}
  spec: {list: [{name: a, v: 1}, {name: b, v: 2}], number: 1e3, when: 2001-01-01, empty: }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: x}]
`;

/** What a kustomization may say beside its resources; the same field twice is a fault like others. */
const FIELDS = [
  'namePrefix: p-',
  'nameSuffix: -s',
  'namespace: elsewhere',
  'commonLabels: {team: "on"}',
  'commonAnnotations: {note: "a: b"}',
  'labels: [{pairs: {tier: "1"}, includeTemplates: true}, {pairs: {env: dev}, includeSelectors: true}]',
  'images: [{name: nginx, newName: r.example:5000/nginx, newTag: "2"}, {name: "n.*", digest: "sha256:0a"}]',
  'replicas: [{name: web, count: 3}]',
  'buildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]',
  'sortOptions: {order: fifo}',
  'sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Service], orderLast: [ConfigMap]}}',
  'configMapGenerator: [{name: made, literals: [a=b, "c=d=e"]}, {name: settings, behavior: merge, literals: [k=w]}]',
  'secretGenerator: [{name: secret, envs: [a.env], files: [f=a.env], type: Opaque}]',
  'generatorOptions: {disableNameSuffixHash: true, immutable: true, labels: {made: "true"}}',
  'components: [../component]',
  'patches: [{target: {kind: Deployment}, path: merge.yaml}]',
  'patches: [{path: json.yaml, target: {kind: ".*", labelSelector: "app in (web)"}}]',
  'patches: [{target: {name: "(web|custom)"}, patch: "{apiVersion: v1, kind: X, metadata: {name: new}, spec: {$patch: replace, a: [1]}}", options: {allowNameChange: true, allowKindChange: true}}]',
  'replacements: [{path: replacements.yaml}]',
  'vars: [{name: NAME, objref: {apiVersion: v1, kind: Service, name: web}}]',
  'configurations: [config.yaml]',
  'crds: [crd.json]',
  'openapi: {version: v1.20.4}',
  'transformers: ["{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: t}, prefix: q-, fieldSpecs: [{path: metadata/name}]}"]',
  'validators: ["{apiVersion: builtin, kind: LabelTransformer, metadata: {name: t}, labels: {}}"]',
  'resources: [nowhere.yaml]',
  'unknown: field',
];

const FILES: Readonly<Record<string, string>> = {
  'base/kustomization.yaml': 'resources: [deployment.yaml, others.yaml]\n',
  'base/deployment.yaml': DEPLOYMENT,
  'base/others.yaml': OTHERS,
  'component/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\npatches: [{target: {kind: Service}, patch: "- {op: remove, path: /spec/ports}"}]\n',
  'overlay/a.env': '# settings\nA=1\nB="2"\n\nC=\n',
  'overlay/merge.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - {name: main, $patch: delete}\n      - {name: new, image: nginx}\n      volumes: null\n',
  'overlay/json.yaml':
    '- {op: add, path: /metadata/annotations, value: {a~b: 1.0}}\n- {op: copy, from: /metadata, path: /more}\n- {op: test, path: /kind, value: Deployment}\n',
  'overlay/replacements.yaml':
    '- source: {kind: Service, fieldPath: metadata.name, options: {delimiter: e, index: 0}}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.k, data.json.a.b, "data.[made]"]\n    options: {create: true}\n',
  'overlay/config.yaml':
    'nameReference: [{kind: ConfigMap, fieldSpecs: [{kind: Custom, path: spec/list/name}]}]\nvarReference: [{path: data, kind: ConfigMap}]\n',
  'overlay/crd.json': '{"x.Custom": {"Schema": {"properties": {"spec": {"type": "object"}}}}}',
};

const VALUES = [
  'yes',
  '"1"',
  '1e3',
  '0x1F',
  '~',
  '[]',
  '{}',
  '"a: b"',
  '|',
  '.inf',
  '!!str 5',
  '&a b',
  '*data',
  '<<',
  '$(NAME)',
  '"\\u2028"',
  '😀',
];

type Files = Readonly<Record<string, string>>;

/** One change of one line of one file. */
const damage = fc.record({
  file: fc.constantFrom(...Object.keys(FILES), 'overlay/kustomization.yaml'),
  line: fc.nat(60),
  how: fc.constantFrom('remove', 'repeat', 'indent', 'value', 'cut', 'comment'),
  value: fc.constantFrom(...VALUES),
});

/** A tree with a base, a component and an overlay. */
const kustomization = fc
  .record({
    fields: fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 6 }),
    damages: fc.array(damage, { maxLength: 2 }),
  })
  .map(({ fields, damages }): Files => {
    const overlay = ['resources: [../base]', ...fields].join('\n');
    return damages.reduce(withDamage, { ...FILES, 'overlay/kustomization.yaml': `${overlay}\n` });
  });

function withDamage(
  files: Files,
  { file, line, how, value }: typeof damage extends fc.Arbitrary<infer T> ? T : never,
): Files {
  const lines = (files[file] ?? '').split('\n');
  const at = line % lines.length;
  const text = lines[at] ?? '';
  const changed = {
    remove: [],
    repeat: [text, text],
    indent: [` ${text}`],
    value: [text.replace(/: .*/, () => `: ${value}`)],
    cut: [text.slice(0, text.length / 2)],
    comment: [`${text} # why`],
  }[how];
  return { ...files, [file]: lines.toSpliced(at, 1, ...(changed ?? [])).join('\n') };
}

export interface KustomizationOutcomes {
  readonly outputs: number;
  readonly errors: number;
}

/** Throws fast-check's report for a kustomization that crashes, differs the second time, or whose output does not build to itself. */
export function fuzzKustomizations(runs: number, seed?: number): KustomizationOutcomes {
  let [outputs, errors] = [0, 0];
  const property = fc.property(kustomization, (files) => {
    const first = outcomeOf(files);
    if (outcomeOf(files) !== first) throw new Error(`another outcome the second time than ${first}`);
    if (!first.startsWith(OUTPUT)) {
      errors++;
      return;
    }
    outputs++;
    // A build takes such annotations away that it does not make itself.
    const text = first.slice(OUTPUT.length);
    if (text === '' || files['overlay/kustomization.yaml']?.includes('buildMetadata')) return;
    const again = outcomeOf({ 'overlay/kustomization.yaml': REBUILD, 'overlay/all.yaml': text });
    if (again !== first) throw new Error(`the output builds to ${again}\nand not to ${first}`);
  });
  fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  return { outputs, errors };
}

const OUTPUT = 'output ';
const REBUILD = 'resources: [all.yaml]\nsortOptions: {order: fifo}\n';
const EXPECTED: ReadonlySet<string> = new Set(['RenderFailed', 'LimitExceeded', 'Unsupported', 'NotFound']);

function outcomeOf(files: Files): string {
  try {
    return OUTPUT + buildKustomization(memoryTree(files), 'overlay');
  } catch (error) {
    if (!(error instanceof HawserError) || !EXPECTED.has(error.code)) throw error;
    if (/undefined|\[object |is not a function/.test(error.message)) throw error;
    return `${error.code} ${error.message}`;
  }
}
