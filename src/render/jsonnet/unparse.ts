// A syntax tree as text again: parsed once more, it is the same tree. What it looked like is not kept.

import type { Expression, Field, ForClause, Member, Parameter } from './syntax.ts';

/** Parentheses stand where the tree has them, and nowhere else. */
export function unparse(node: Expression): string {
  switch (node.type) {
    case 'apply': {
      const named = node.named.map(({ name, value }) => `${name}=${unparse(value)}`);
      const list = [...node.positional.map(unparse), ...named].join(', ');
      return `${unparse(node.target)}(${list})${node.isTailStrict ? ' tailstrict' : ''}`;
    }
    case 'apply-brace':
      return `${unparse(node.left)} ${unparse(node.right)}`;
    case 'array':
      return `[${node.elements.map(unparse).join(', ')}]`;
    case 'array-comprehension':
      return `[${unparse(node.body)}${unparseClauses(node.clauses)}]`;
    case 'assert':
      return `assert ${unparse(node.condition)}${unparseMessage(node.message)}; ${unparse(node.rest)}`;
    case 'binary':
      return `${unparse(node.left)} ${node.operator} ${unparse(node.right)}`;
    case 'if':
      return `if ${unparse(node.condition)} then ${unparse(node.yes)}${node.no ? ` else ${unparse(node.no)}` : ''}`;
    case '$':
      return '$';
    case 'error':
      return `error ${unparse(node.message)}`;
    case 'function':
      return `function(${unparseParameters(node.parameters)}) ${unparse(node.body)}`;
    case 'import':
      return `${{ code: 'import', text: 'importstr', bytes: 'importbin' }[node.as]} ${unparse(node.path)}`;
    case 'index':
      if (node.index) return `${unparse(node.target)}[${unparse(node.index)}]`;
      return `${unparse(node.target)}.${node.name}`;
    case 'in-super':
      return `${unparse(node.name)} in super`;
    case 'literal':
      return String(node.value);
    case 'local': {
      const list = node.bindings.map(({ name, value, isFunction }) => unparseBinding(name, value, isFunction));
      return `local ${list.join(', ')}; ${unparse(node.body)}`;
    }
    case 'number':
      return node.text;
    case 'object':
      return `{${node.members.map((member) => ` ${unparseMember(member)},`).join('')} }`;
    case 'object-comprehension': {
      const members = node.members.map(unparseMember).join(', ');
      return `{ ${members}${unparseClauses(node.clauses)} }`;
    }
    case 'parentheses':
      return `(${unparse(node.inner)})`;
    case 'self':
      return 'self';
    case 'slice': {
      const part = (one: Expression | undefined) => (one ? unparse(one) : '');
      return `${unparse(node.target)}[${part(node.from)} : ${part(node.to)} : ${part(node.step)}]`;
    }
    case 'string':
      return unparseString(node.value);
    case 'super-index':
      return node.index ? `super[${unparse(node.index)}]` : `super.${node.name}`;
    case 'unary':
      return `${node.operator}${unparse(node.operand)}`;
    case 'variable':
      return node.name;
  }
}

function unparseClauses(clauses: readonly ForClause[]): string {
  return clauses
    .map(({ variable, list, conditions }) => {
      const filters = conditions.map((condition) => ` if ${unparse(condition)}`).join('');
      return ` for ${variable} in ${unparse(list)}${filters}`;
    })
    .join('');
}

function unparseParameters(parameters: readonly Parameter[]): string {
  return parameters.map(({ name, fallback }) => (fallback ? `${name}=${unparse(fallback)}` : name)).join(', ');
}

function unparseBinding(name: string, value: Expression, isFunction: boolean): string {
  if (!isFunction || value.type !== 'function') return `${name} = ${unparse(value)}`;
  return `${name}(${unparseParameters(value.parameters)}) = ${unparse(value.body)}`;
}

function unparseMessage(message: Expression | undefined): string {
  return message ? ` : ${unparse(message)}` : '';
}

function unparseMember(member: Member): string {
  if (member.type === 'object-local') return `local ${unparseBinding(member.name, member.value, member.isFunction)}`;
  if (member.type === 'object-assert') return `assert ${unparse(member.condition)}${unparseMessage(member.message)}`;
  const { visibility, isPlus, isMethod, value } = member;
  const operator = `${isPlus ? '+' : ''}${visibility}`;
  if (!isMethod || value.type !== 'function') return `${unparseName(member)}${operator} ${unparse(value)}`;
  return `${unparseName(member)}(${unparseParameters(value.parameters)})${operator} ${unparse(value.body)}`;
}

function unparseName({ name }: Field): string {
  if ('id' in name) return name.id;
  return 'string' in name ? unparse(name.string) : `[${unparse(name.computed)}]`;
}

/** JSON's escapes are Jsonnet's, too. */
function unparseString(value: string): string {
  return JSON.stringify(value);
}
