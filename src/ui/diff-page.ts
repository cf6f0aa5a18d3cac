// What a sync would change, field by field: the API's differences as a page.

import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ResourceDiff } from '../compare/resource-diff.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A whole object that comes or goes is named, not printed. */
const LONGEST = 500;

export function diffPage(name: string, items: readonly ResourceDiff[]): Html {
  const differing = items.filter(({ changes, message }) => changes.length > 0 || message !== undefined);
  return html`<h1>${name}: what a sync would change</h1>
${differing.length === 0 ? html`<p>Nothing: all objects are as Git says.</p>` : differing.map(objectPart)}`;
}

function objectPart({ group, kind, namespace, name, changes, message }: ResourceDiff): Html {
  return html`<h2>${group ? `${group}/` : ''}${kind} <span class="mono">${namespace ? `${namespace}/` : ''}${name}</span></h2>
${message === undefined ? '' : html`<p class="condition">${message}</p>`}
<table>
<thead><tr><th>Field</th><th>In the cluster</th><th>After a sync</th></tr></thead>
<tbody>${changes.map(
    ({ path, before, after }) => html`<tr><td class="mono">${path || 'the object'}</td>
<td class="mono">${show(before, path)}</td><td class="mono">${show(after, path)}</td></tr>`,
  )}</tbody>
</table>`;
}

function show(value: unknown, path: string): string {
  if (value === undefined) return '–';
  if (path === '') return 'there';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
