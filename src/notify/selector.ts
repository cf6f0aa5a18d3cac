// A label selector in one line, as kubectl takes it: `team=a,env in (dev,prd),!frozen`.

/** Whether an object with these labels is meant. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean;

const SET = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/;
const EQUALITY = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/;
const EXISTENCE = /^(!?)\s*([^\s=!(),]+)$/;

/** '' means everything. Throws an `Error` with what is not understood. */
export function parseSelector(text: string): Selector {
  const parts = text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseRequirement);
  return (labels) => parts.every((matches) => matches(labels));
}

function parseRequirement(part: string): Selector {
  const [, setKey = '', setOperator, list = ''] = SET.exec(part) ?? [];
  if (setOperator) {
    const values = list.split(',').map((value) => value.trim());
    const isIn: Selector = (labels) => values.includes(labels[setKey] ?? '\0');
    return setOperator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const [, key = '', operator, value = ''] = EQUALITY.exec(part) ?? [];
  if (operator) return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  const [, not, name = ''] = EXISTENCE.exec(part) ?? [];
  if (name === '') throw new Error(`"${part}" is no part of a label selector`);
  return (labels) => (not === '!') !== Object.hasOwn(labels, name);
}
