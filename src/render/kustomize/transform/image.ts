// Changes names, tags and digests of container images (kustomize: ImageTagTransformer, api/internal/image).

import type { FieldSpec, Image } from '../config/kustomization.ts';
import { compilePatternWithEnd, type TextMatcher } from '../config/pattern.ts';
import { demandKind, elements, getField, rootString, setScalarText, visitFields } from '../node/fields.ts';
import type { Node } from '../node/node.ts';
import { eachRoot, type ResMap } from '../resource/res-map.ts';
import { changeFields } from './field-spec.ts';

/** Changes images in every `containers` and `initContainers` at any depth, and where the field specs say. */
export function changeImages(map: ResMap, image: Image, specs: readonly FieldSpec[]): void {
  const matches = compilePatternWithEnd(image.name, '(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?');
  const change = (node: Node) => changeImage(node, image, matches);
  for (const root of eachRoot(map)) {
    if (rootString(root, 'kind') === 'CustomResourceDefinition') continue;
    changeContainers(root, change);
  }
  for (const root of eachRoot(map)) {
    if (rootString(root, 'kind') !== 'CustomResourceDefinition') changeFields(root, specs, { set: change });
  }
}

function changeContainers(node: Node, change: (image: Node) => void): void {
  if (node.kind === 'sequence') {
    for (const element of node.content) changeContainers(element, change);
    return;
  }
  if (node.kind !== 'mapping') return;
  visitFields(node, (key, value) => {
    changeContainers(value, change);
    if ((key.value !== 'containers' && key.value !== 'initContainers') || value.kind !== 'sequence') return;
    for (const container of elements(value)) {
      const image = getField(container, 'image');
      if (image !== undefined) change(image);
    }
  });
}

function changeImage(node: Node, image: Image, matches: TextMatcher): void {
  demandKind(node, 'scalar');
  if (!matches(node.value)) return;
  const parts = splitImage(node.value);
  const name = image.newName === '' ? parts.name : image.newName;
  const { tag, digest } = newVersion(image, parts);
  const text = `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  setScalarText(node, text);
}

interface ImageParts {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

/** A new tag or digest replaces both. */
function newVersion(image: Image, old: ImageParts): Pick<ImageParts, 'tag' | 'digest'> {
  if (image.newTag !== '') return { tag: image.newTag, digest: image.digest };
  if (image.digest !== '') return { tag: '', digest: image.digest };
  if (image.tagSuffix !== '') return { tag: `${old.tag}${image.tagSuffix}`, digest: '' };
  return old;
}

/** `registry:5000/name:tag@digest` in its parts; a colon before the first slash belongs to the name. */
export function splitImage(text: string): ImageParts {
  const slash = Math.max(text.indexOf('/'), 0);
  const at = text.indexOf('@', slash);
  const colon = text.indexOf(':', slash);
  if (at < 0 && colon < 0) return { name: text, tag: '', digest: '' };
  if (at >= 0 && (colon < 0 || at < colon)) return { name: text.slice(0, at), tag: '', digest: text.slice(at + 1) };
  if (at >= 0) return { name: text.slice(0, colon), tag: text.slice(colon + 1, at), digest: text.slice(at + 1) };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1), digest: '' };
}
