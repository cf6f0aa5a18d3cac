// Sets the namespace of what is namespaced, and of what refers to it (kustomize: NamespaceTransformer, api/filters/namespace).

import type { FieldSpec } from '../config/kustomization.ts';
import { failure, within } from '../node/fail.ts';
import { demandKind, elements, field, getField, rootString, setField } from '../node/fields.ts';
import { isMissing, makeNode, type Node, TAG, textOf } from '../node/node.ts';
import { HELM_GENERATED } from '../resource/build-annotations.ts';
import { formatId, idKey, type ResId } from '../resource/res-id.ts';
import type { ResMap } from '../resource/res-map.ts';
import { annotationsOf, currentId, isGone, storePreviousId } from '../resource/resource.ts';
import { changeField, changeFields, type FieldChange, scalarSetter } from './field-spec.ts';

/** Which subjects of role bindings get the namespace. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceArgs {
  readonly namespace: string;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly unsetOnly: boolean;
  readonly subjects: SubjectMode;
}

export function parseSubjectMode(text: string): SubjectMode {
  if (text === '') return 'defaultOnly';
  if (text === 'defaultOnly' || text === 'allServiceAccounts' || text === 'none') return text;
  throw failure(`setRoleBindingSubjects must be defaultOnly, allServiceAccounts or none, not '${text}'`);
}

export function setNamespaces(map: ResMap, args: NamespaceArgs): void {
  if (args.namespace === '') return;
  const counts = new Map<string, number>();
  const count = (id: ResId, change: number) => {
    const total = (counts.get(idKey(id)) ?? 0) + change;
    counts.set(idKey(id), total);
    return total;
  };
  for (const resource of map.resources) count(currentId(resource), 1);
  for (const resource of [...map.resources]) {
    if (isGone(resource) || resource.root === undefined) continue;
    if (annotationsOf(resource).get(HELM_GENERATED) === 'true') continue;
    storePreviousId(resource);
    count(currentId(resource), -1);
    setNamespaceOf(resource.root, currentId(resource).clusterScoped, args);
    const id = currentId(resource);
    if (count(id, 1) !== 1) {
      throw failure(`with the namespace '${args.namespace}' there is more than one ${formatId(id)}`);
    }
  }
}

/** The change of one object, for what has no field specs too. */
export function setNamespaceOf(root: Node, isClusterScoped: boolean, args: NamespaceArgs): void {
  const isBinding = /^(?:Cluster)?RoleBinding$/.test(rootString(root, 'kind'));
  const change: FieldChange = { set: namespaceSetter(args), createKind: 'scalar', createTag: TAG.str };
  if (!isClusterScoped) {
    const spec = { group: '', version: '', kind: '', path: 'metadata/namespace', create: true };
    changeField(root, spec, { set: change.set, createKind: 'scalar' });
  }
  if (isBinding) setSubjects(root, args, change.set);
  const apiVersion = rootString(root, 'apiVersion');
  const specs = args.fieldSpecs.filter(
    ({ path, kind }) =>
      path !== 'metadata/namespace' &&
      (path !== 'metadata/name' || apiVersion === 'v1') &&
      !(isBinding && path === 'subjects/namespace' && /^(?:Cluster)?RoleBinding$/.test(kind)),
  );
  within('setting the namespace', () => changeFields(root, specs, change));
}

function namespaceSetter({ namespace, unsetOnly }: NamespaceArgs): (node: Node) => void {
  const set = scalarSetter(namespace, TAG.str);
  return (node) => {
    if (!unsetOnly || isMissing(node) || node.kind !== 'scalar' || textOf(node) === '') set(node);
  };
}

function setSubjects(root: Node, { subjects }: NamespaceArgs, set: (node: Node) => void): void {
  if (subjects === 'none') return;
  const list = field(root, 'subjects');
  if (isMissing(list)) return;
  for (const subject of elements(list)) {
    const [name, wanted] = subjects === 'defaultOnly' ? ['name', 'default'] : ['kind', 'ServiceAccount'];
    const found = getField(subject, name ?? '');
    if (isMissing(found)) continue;
    demandKind(found, 'scalar');
    if (textOf(found) !== wanted) continue;
    const node = getField(subject, 'namespace') ?? setField(subject, 'namespace', makeNode('scalar'));
    if (node !== undefined) set(node);
  }
}
