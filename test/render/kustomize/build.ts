// Builds kustomizations that a test writes as a map from paths to texts.

import { formatError } from '../../../src/base/errors.ts';
import { type BuildOptions, buildKustomization } from '../../../src/render/kustomize/kustomize.ts';
import { memoryTree } from '../../../src/render/tree.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The output for the kustomization at `root`. */
export function build(files: Files, root = '', options: BuildOptions = {}): string {
  return buildKustomization(memoryTree(files), root, options);
}

/** A ConfigMap in one line of YAML. */
export function configMap(name: string, data: Readonly<Record<string, string>> = {}, namespace?: string): string {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data })}\n`;
}

/** A Deployment with one container. */
export function deployment(name: string, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
      - name: main
        image: ${image}
        ports:
        - containerPort: 80
`;
}

/** What a build that fails says: place, message and hint. */
export function failureOf(files: Files, root = '', options: BuildOptions = {}): string {
  try {
    return `no failure, but ${build(files, root, options)}`;
  } catch (error) {
    return formatError(error);
  }
}
