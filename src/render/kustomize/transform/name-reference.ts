// Renames references where the name of what they refer to has changed (kustomize: api/filters/nameref, nameReferenceTransformer).

import type { FieldSpec } from '../config/kustomization.ts';
import type { NameReference } from '../config/transformer-config.ts';
import { decodeNode } from '../node/decode.ts';
import { failure, within } from '../node/fail.ts';
import { field, getField, setField, setScalar } from '../node/fields.ts';
import { isMissing, type Node, scalarNode } from '../node/node.ts';
import { type Gvk, isSelectedBy } from '../resource/gvk.ts';
import { effectiveNamespace, formatId, NO_NAMESPACE, type ResId, sameNamespace } from '../resource/res-id.ts';
import type { ResMap } from '../resource/res-map.ts';
import {
  currentId,
  haveSamePrefixes,
  kindOf,
  nameOf,
  namespaceOf,
  originalId,
  previousIds,
  type Resource,
  recordReferrer,
} from '../resource/resource.ts';
import { changeField } from './field-spec.ts';

/** One kind of reference that a resource may hold. */
interface Reference {
  readonly referrer: Resource;
  /** The kind of what is referred to. */
  readonly target: Gvk;
  readonly spec: FieldSpec;
  /** What the referrer can see; found when it is needed. */
  readonly candidates: () => readonly Resource[];
}

export function fixNameReferences(map: ResMap, references: readonly NameReference[]): void {
  const resources = [...map.resources];
  const originalIds = resources.map(originalId);
  resources.forEach((referrer, index) => {
    const id = originalIds[index];
    if (id === undefined) return;
    const candidates = visibleTo(referrer, map);
    for (const target of references) {
      for (const spec of target.fieldSpecs) {
        if (isSelectedBy(id, spec)) fixReference({ referrer, target, spec, candidates });
      }
    }
  });
}

/** kustomize: SubsetThatCouldBeReferencedByResource. */
function visibleTo(referrer: Resource, map: ResMap): () => readonly Resource[] {
  const id = currentId(referrer);
  const others = id.clusterScoped ? new Set<string>() : serviceAccountNamespaces(referrer, id);
  let found: readonly Resource[] | undefined;
  return () => {
    found ??= id.clusterScoped
      ? [...map.resources]
      : map.resources.filter((candidate) => {
          const other = currentId(candidate);
          return other.clusterScoped || sameNamespace(other, id) || others.has(namespaceOf(candidate));
        });
    return found;
  };
}

/** The namespaces of the service accounts that a RoleBinding names. */
function serviceAccountNamespaces(referrer: Resource, id: ResId): ReadonlySet<string> {
  const namespaces = new Set<string>();
  if (kindOf(referrer) !== 'RoleBinding') return namespaces;
  const subjects = field(referrer.root, 'subjects');
  if (subjects?.kind !== 'sequence') return namespaces;
  for (const subject of subjects.content) {
    if (subject.kind !== 'mapping') throw failure(`a subject of ${formatId(id)} is not a mapping`);
    const namespace = field(subject, 'namespace');
    const kind = field(subject, 'kind');
    if (namespace === undefined || kind === undefined) continue;
    const kindName = decodeNode(kind, 'unwritten');
    if (typeof kindName !== 'string') throw failure(`the kind of a subject of ${formatId(id)} is not text`);
    if (kindName !== 'ServiceAccount') continue;
    const name = decodeNode(namespace, 'unwritten');
    if (typeof name !== 'string') throw failure(`the namespace of a subject of ${formatId(id)} is not text`);
    namespaces.add(name);
  }
  return namespaces;
}

function fixReference(reference: Reference): void {
  const { referrer, spec } = reference;
  if (referrer.root === undefined) return;
  within(
    () => `updating the reference '${spec.path}' of ${formatId(currentId(referrer))}`,
    () => {
      if (referrer.root === undefined) return;
      // The spec was matched against the original identity; its kind no longer counts.
      const anyKind = { ...spec, group: '', version: '', kind: '' };
      changeField(referrer.root, anyKind, { set: (node) => fixNode(node, reference) });
    },
  );
}

function fixNode(node: Node, reference: Reference): void {
  if (isMissing(node)) return;
  switch ((node as Node).kind) {
    case 'scalar':
      fixScalar(node, reference);
      return;
    case 'mapping':
      fixMapping(node, reference);
      return;
    case 'sequence':
      for (const element of (node as Node).content) {
        if (isMissing(element)) continue;
        if (element.kind === 'scalar') fixScalar(element, reference);
        else if (element.kind === 'mapping') fixMapping(element, reference);
        else throw failure('a list of references may hold names or mappings only');
      }
      return;
    default:
      throw failure('a reference must be a name, a mapping or a list');
  }
}

function fixScalar(node: Node, reference: Reference): void {
  const found = chooseTarget(node.value, reference.candidates(), reference, (a, b) => nameOf(a) === nameOf(b));
  if (found === undefined) return;
  recordReferrer(found, currentId(reference.referrer));
  const name = nameOf(found);
  if (name !== node.value) setScalar(node, scalarNode(name));
}

/** A mapping with `name` and perhaps `namespace`, both of which are written. */
function fixMapping(node: Node, reference: Reference): void {
  const nameNode = getField(node, 'name');
  if (nameNode === undefined) throw failure("the field of a reference is a mapping without 'name'");
  const candidates = inNamespace(getField(node, 'namespace'), reference.candidates());
  const found = chooseTarget(
    nameNode.value,
    candidates,
    reference,
    (a, b) => nameOf(a) === nameOf(b) && namespaceOf(a) === namespaceOf(b),
  );
  if (found === undefined) return;
  recordReferrer(found, currentId(reference.referrer));
  const [name, namespace] = [nameOf(found), namespaceOf(found)];
  if (name === nameNode.value && namespace === '') return;
  setField(node, 'name', scalarNode(name));
  if (namespace !== '') setField(node, 'namespace', scalarNode(namespace));
}

/** Those whose original namespace it is, else those whose current one it is. */
function inNamespace(namespaceNode: Node | undefined, candidates: readonly Resource[]): readonly Resource[] {
  if (namespaceNode === undefined) return candidates;
  const namespace = namespaceNode.value;
  if (namespace === NO_NAMESPACE) return [];
  const original = candidates.filter((candidate) => effectiveNamespace(originalId(candidate)) === namespace);
  return original.length > 0
    ? original
    : candidates.filter((candidate) => effectiveNamespace(currentId(candidate)) === namespace);
}

/** The one candidate that had the name and the kind; throws where several are left that are not the same. */
function chooseTarget(
  oldName: string,
  candidates: readonly Resource[],
  reference: Reference,
  areSame: (a: Resource, b: Resource) => boolean,
): Resource | undefined {
  const { referrer, target } = reference;
  let left = candidates.filter((candidate) => {
    const ids = previousIds(candidate);
    return ids.some((id) => id.name === oldName) && ids.some((id) => isSelectedBy(id, target));
  });
  if (left.length === 0) return undefined;
  const role = roleOf(reference);
  if (role !== undefined)
    left = left.filter((candidate) => previousIds(candidate).some((id) => isSelectedBy(id, role)));
  left = left.filter((candidate) => isInReach(candidate, referrer));
  if (left.length === 1) return left[0];
  left = left.filter((candidate) => haveSamePrefixes(candidate, referrer, true));
  if (left.length > 1) left = left.filter((candidate) => haveSamePrefixes(candidate, referrer, false));
  const [first, ...others] = left;
  if (first === undefined || others.every((other) => areSame(first, other))) return first;
  throw failure(`'${oldName}' may mean any of ${left.map((candidate) => formatId(currentId(candidate))).join(', ')}`);
}

/** The kind that a role binding names beside the name. */
function roleOf({ referrer, spec }: Reference): Gvk | undefined {
  if (!spec.path.endsWith('roleRef/name')) return undefined;
  const roleRef = field(referrer.root, 'roleRef');
  const group = field(roleRef, 'apiGroup');
  const kind = field(roleRef, 'kind');
  return group === undefined || kind === undefined ? undefined : { group: group.value, version: '', kind: kind.value };
}

function isInReach(candidate: Resource, referrer: Resource): boolean {
  const [id, from] = [currentId(candidate), currentId(referrer)];
  return from.clusterScoped || id.clusterScoped || id.kind === 'ServiceAccount' || sameNamespace(from, id);
}
