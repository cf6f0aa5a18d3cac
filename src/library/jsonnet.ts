// `import … from 'hawser/jsonnet'`: Jsonnet evaluated as go-jsonnet v0.22 does. It knows nothing of clusters or Git.
//
//   const tree = memoryTree({ 'main.jsonnet': "(import 'lib.libsonnet').greeting", 'lib.libsonnet': '{ greeting: "hello" }' });
//   const text = evaluateJsonnetFile(tree, 'main.jsonnet').json();
//
//   const text = evaluateJsonnet({ name: '<text>', path: '', text: 'function(n) { n: n }' }, { topLevelArguments: { n: { code: '1' } } }).json();
//
// Host functions are `natives`; what a program imports is found by a tree or by an `importer` of yours.

export { HawserError } from '../base/errors.ts';
export * from '../render/jsonnet/jsonnet.ts';
export type { Source as JsonnetSource } from '../render/jsonnet/source.ts';
export { memoryTree, type Tree, type TreeEntry } from '../render/tree.ts';
