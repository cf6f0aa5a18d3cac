// One file a resource, as `kustomize build -o DIR` writes them (kustomize: commands/build/writer.go).

import { dumpResource } from './output.ts';
import { effectiveNamespace, NO_NAMESPACE } from './resource/res-id.ts';
import type { ResMap } from './resource/res-map.ts';
import { currentId, type Resource } from './resource/resource.ts';

export interface ManifestFile {
  readonly fileName: string;
  readonly text: string;
}

/** The namespace is part of a name only where there are several. */
export function toFiles(map: ResMap): ManifestFile[] {
  const namespaces = new Set(map.resources.map((resource) => effectiveNamespace(currentId(resource))));
  namespaces.delete(NO_NAMESPACE);
  return map.resources.map((resource) => ({
    fileName: fileName(resource, namespaces.size > 1),
    text: dumpResource(resource, 'unwritten'),
  }));
}

function fileName(resource: Resource, withNamespace: boolean): string {
  const id = currentId(resource);
  const kind = [id.group, id.version, id.kind].filter((part) => part !== '').join('_');
  const namespace = effectiveNamespace(id);
  const prefix = withNamespace && namespace !== NO_NAMESPACE ? `${namespace}_` : '';
  return `${prefix}${kind}_${id.name}.yaml`.toLowerCase();
}
