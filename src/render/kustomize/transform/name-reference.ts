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
  type Resource,
  recordReferrer,
} from '../resource/resource.ts';
import { changeField } from './field-spec.ts';
import { firstNamespace, type Referent, type Referents, referentsOf } from './referents.ts';

/** One kind of reference that a resource may hold. */
interface Reference {
  readonly referrer: Resource;
  /** The kind of what is referred to. */
  readonly target: Gvk;
  readonly spec: FieldSpec;
  readonly referents: Referents;
  /** Whether the referrer can see a resource at all. */
  readonly isVisible: (resource: Resource) => boolean;
}

export function fixNameReferences(map: ResMap, references: readonly NameReference[]): void {
  const resources = [...map.resources];
  const originalIds = resources.map(originalId);
  const referents = referentsOf(map);
  resources.forEach((referrer, index) => {
    const id = originalIds[index];
    if (id === undefined) return;
    const isVisible = visibilityFrom(referrer);
    for (const target of references) {
      for (const spec of target.fieldSpecs) {
        if (isSelectedBy(id, spec)) fixReference({ referrer, target, spec, referents, isVisible });
      }
    }
  });
}

/** kustomize: SubsetThatCouldBeReferencedByResource. */
function visibilityFrom(referrer: Resource): (resource: Resource) => boolean {
  const id = currentId(referrer);
  if (id.clusterScoped) return () => true;
  const others = serviceAccountNamespaces(referrer, id);
  return (resource) => {
    const other = currentId(resource);
    return other.clusterScoped || sameNamespace(other, id) || others.has(namespaceOf(resource));
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
  const found = chooseTarget(
    candidatesNamed(node.value, reference),
    node.value,
    reference,
    (a, b) => nameOf(a) === nameOf(b),
  );
  if (found === undefined) return;
  recordReferrer(found, currentId(reference.referrer));
  const name = nameOf(found);
  if (name !== node.value) setScalar(node, scalarNode(name));
}

/** A mapping with `name` and perhaps `namespace`, both of which are written. */
function fixMapping(node: Node, reference: Reference): void {
  const nameNode = getField(node, 'name');
  if (nameNode === undefined) throw failure("the field of a reference is a mapping without 'name'");
  const candidates = candidatesNamed(nameNode.value, reference);
  const found = chooseTarget(
    inNamespace(candidates, getField(node, 'namespace'), reference),
    nameNode.value,
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

function candidatesNamed(name: string, { referents, isVisible }: Reference): readonly Referent[] {
  return referents.named(name).filter(({ resource }) => isVisible(resource));
}

/** Where the namespace was the first one of anything, those that were in it, else those that are in it now. */
function inNamespace(
  candidates: readonly Referent[],
  namespaceNode: Node | undefined,
  { referents, isVisible }: Reference,
): readonly Referent[] {
  if (namespaceNode === undefined) return candidates;
  const namespace = namespaceNode.value;
  if (namespace === NO_NAMESPACE) return [];
  const wasFirst = referents.firstIn(namespace).some(({ resource }) => isVisible(resource));
  return candidates.filter((candidate) => {
    const found = wasFirst ? firstNamespace(candidate) : effectiveNamespace(currentId(candidate.resource));
    return found === namespace;
  });
}

/** The one candidate that had the kind; throws where several are left that are not the same. */
function chooseTarget(
  candidates: readonly Referent[],
  oldName: string,
  reference: Reference,
  areSame: (a: Resource, b: Resource) => boolean,
): Resource | undefined {
  const { referrer, target } = reference;
  const role = roleOf(reference);
  let left = candidates
    .filter(({ previousIds }) => previousIds.some((id) => isSelectedBy(id, target)))
    .filter(({ previousIds }) => role === undefined || previousIds.some((id) => isSelectedBy(id, role)))
    .map(({ resource }) => resource)
    .filter((candidate) => isInReach(candidate, referrer));
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
