// `$patch: delete | replace | merge` in a patch (kyaml: yaml/merge2/smpdirective.go).

import { failure } from '../node/fail.ts';
import { clearField, getField } from '../node/fields.ts';
import { isMissing, type Node } from '../node/node.ts';
import { setElement } from './list-element.ts';

export type Directive = 'delete' | 'replace' | 'merge';

const KEY = '$patch';

/** The directive of a mapping or list, which is taken out of it; `merge` where there is none. */
export function takeDirective(patch: Node): Directive {
  switch (patch.kind) {
    case 'sequence':
      return takeFromList(patch);
    case 'mapping':
      return takeFromMapping(patch);
    default:
      throw failure(`a ${patch.kind} cannot hold a patch directive`);
  }
}

function takeFromMapping(patch: Node): Directive {
  const value = getField(patch, KEY);
  if (value === undefined) return 'merge';
  const directive = parseDirective(value.value);
  clearField(patch, KEY);
  return directive;
}

/** In a list the directive is an element of its own. */
function takeFromList(patch: Node): Directive {
  const element = patch.content.find((item) => item.kind === 'mapping' && getField(item, KEY) !== undefined);
  if (element === undefined || element.content.length > 2) return 'merge';
  const value = getField(element, KEY);
  if (value === undefined || isMissing(element)) return 'merge';
  const directive = parseDirective(value.value);
  setElement(patch, undefined, [KEY], [value.value]);
  return directive;
}

function parseDirective(text: string): Directive {
  if (text === 'delete' || text === 'replace' || text === 'merge') return text;
  throw failure(`unknown patch directive '${text}'`, '$patch may be delete, replace or merge');
}
