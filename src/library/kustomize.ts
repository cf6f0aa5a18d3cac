// `import … from 'hawser/kustomize'`: `kustomize build` over a tree of files. Synchronous; it knows nothing of clusters or Git.
//
//   const tree = memoryTree({ 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': … });
//   const text = buildKustomization(tree, '');
//
// Charts in a kustomization need `{ enableHelm: true, helm: createHelmPort({ now, random }) }`.

export { HawserError } from '../base/errors.ts';
export type { Json, JsonObject } from '../base/json.ts';
export { createHelmPort } from '../render/kustomize/generate/helm-port.ts';
export type { ManifestFile } from '../render/kustomize/individual-files.ts';
export * from '../render/kustomize/kustomize.ts';
export type { SprigEnvironment } from '../render/sprig/environment.ts';
export { memoryTree, type Tree, type TreeEntry } from '../render/tree.ts';
