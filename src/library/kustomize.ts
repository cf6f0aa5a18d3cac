// `import … from 'hawser/kustomize'`: `kustomize build` over a tree of files. It knows nothing of clusters or Git.
//
//   const tree = memoryTree({ 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': … });
//   const text = buildKustomization(tree, '');
//
// Charts in a kustomization need `{ enableHelm: true, helm: createHelmPort({ now, random }) }`.
//
// Remote bases and files are fetched by the caller's own functions:
//
//   const text = await buildKustomizationAsync(tree, '', {
//     remote: {
//       readFile: async (url) => {
//         const answer = await fetch(url);
//         return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : { status: answer.status };
//       },
//       openRepository: async ({ cloneUrl, ref }) => memoryTree(await myFilesOf(cloneUrl, ref || 'HEAD')),
//     },
//   });
//
// The synchronous functions take the same as `remote: RemoteSources`; what has not arrived yet throws there (any error but a HawserError
// `RenderFailed`, which the build takes for a failure of the kustomization), and the caller builds again.

export { HawserError } from '../base/errors.ts';
export type { Json, JsonObject } from '../base/json.ts';
export {
  type AsyncBuildOptions,
  type AsyncRemoteSources,
  buildKustomizationAsync,
} from '../render/kustomize/build-async.ts';
export { createHelmPort } from '../render/kustomize/generate/helm-port.ts';
export type { ManifestFile } from '../render/kustomize/individual-files.ts';
export * from '../render/kustomize/kustomize.ts';
export type { SprigEnvironment } from '../render/sprig/environment.ts';
export { memoryTree, type Tree, type TreeEntry } from '../render/tree.ts';
