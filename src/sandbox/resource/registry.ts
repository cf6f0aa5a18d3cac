// Which resources are served: the built-in ones and those that definitions have added.

import { groupOf, versionOf } from '../../kube/object.ts';
import { builtinGroups, builtinResources } from './builtin.ts';
import type { Resource } from './resource.ts';

export interface ServedGroup {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

export class Registry {
  readonly #builtin = new Map<string, Resource>();
  #custom: ReadonlyMap<string, Resource> = new Map();
  #customGroups: readonly ServedGroup[] = [];

  constructor() {
    for (const resource of builtinResources()) this.#builtin.set(pathOf(resource), resource);
  }

  /** By the parts of its path (`apps`, `v1`, `deployments`). */
  find(group: string, version: string, plural: string): Resource | undefined {
    const key = `${group}/${version}/${plural}`;
    return this.#builtin.get(key) ?? this.#custom.get(key);
  }

  /** By apiVersion and kind. */
  findKind(apiVersion: string, kind: string): Resource | undefined {
    const [group, version] = [groupOf(apiVersion), versionOf(apiVersion)];
    return this.resources(group, version).find((resource) => resource.kind === kind);
  }

  /** Throws when a kind that the sandbox itself needs is missing. */
  builtin(group: string, plural: string): Resource {
    const version = group === 'autoscaling' ? 'v2' : 'v1';
    const resource = this.#builtin.get(`${group}/${version}/${plural}`);
    if (!resource) throw new Error(`the sandbox has no ${plural}.${group}`);
    return resource;
  }

  /** Any served version of a kind that is kept under a key of the store. */
  forStorage(storage: string): Resource | undefined {
    return this.all().find((resource) => resource.storage === storage);
  }

  hasGroupVersion(group: string, version: string): boolean {
    return this.groups().some((served) => served.group === group && served.versions.includes(version));
  }

  resources(group: string, version: string): Resource[] {
    return this.all().filter((resource) => resource.group === group && resource.version === version);
  }

  all(): Resource[] {
    return [...this.#builtin.values(), ...this.#custom.values()];
  }

  groups(): readonly ServedGroup[] {
    return [...builtinGroups(), ...this.#customGroups];
  }

  /** Replaces all resources of definitions. */
  setCustom(resources: readonly Resource[], groups: readonly ServedGroup[]): void {
    this.#custom = new Map(resources.map((resource) => [pathOf(resource), resource]));
    this.#customGroups = groups;
  }
}

function pathOf({ group, version, plural }: Resource): string {
  return `${group}/${version}/${plural}`;
}
