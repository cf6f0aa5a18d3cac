// The pages that say what is deployed: a list of Applications, and one Application with what differs. Plain HTML from the server.

import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { outcomeOf } from '../application/operation-result.ts';
import { sourcesOf } from '../application/parse.ts';
import { stateSentence } from '../application/state-sentence.ts';
import type { Application, ResourceStatus } from '../application/types.ts';
import { formatError, type HawserError, httpStatusOf, isHawserError } from '../base/errors.ts';
import type { Hawser } from '../operation/hawser.ts';
import { diffPage } from './diff-page.ts';
import { STYLE } from './style.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export function createPages(hawser: Hawser): Hono {
  const pages = new Hono();
  pages.onError((error, context) => {
    // What nobody foresaw is the app's to log and to answer.
    if (!isHawserError(error)) throw error;
    return context.html(page('Error', errorPage(error)), httpStatusOf(error) as ContentfulStatusCode);
  });
  pages.get('/', async (context) => context.html(page('Applications', listPage(await hawser.listApplications()))));
  pages.get('/applications/:name', async (context) => {
    const app = await hawser.getApplication(context.req.param('name'));
    return context.html(page(app.metadata.name, applicationPage(app)));
  });
  pages.get('/applications/:name/diff', async (context) => {
    const name = context.req.param('name');
    return context.html(page(name, diffPage(name, await hawser.managedResources(name))));
  });
  return pages;
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · hawser</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><a class="brand" href="/">hawser</a><nav aria-label="Breadcrumb"><a href="/">Applications</a>${title === 'Applications' ? '' : html` / ${title}`}</nav></header>
<main>${body}</main>
</body>
</html>`;
}

function errorPage(error: HawserError): Html {
  return html`<h1>This cannot be shown</h1>
<p class="condition">${formatError(error)}</p>`;
}

function listPage(applications: readonly Application[]): Html {
  if (applications.length === 0) {
    return html`<h1>Applications</h1>
<section class="empty"><h2>Nothing is deployed yet</h2>
<ol>
<li>Connect a repository: a Secret with the label <code>argocd.argoproj.io/secret-type: repository</code> (public ones need none).</li>
<li>Make an Application: <code>kubectl apply -f application.yaml</code>, then <code>hawser app refresh NAME</code>.</li>
<li>Push: let the Git server call <code>/api/webhook</code>.</li>
</ol></section>`;
  }
  return html`<h1>Applications</h1>
<table>
<thead><tr><th>Name</th><th>Sync</th><th>Health</th><th>Revision</th><th>Destination</th><th>Source</th></tr></thead>
<tbody>${applications.map(listRow)}</tbody>
</table>`;
}

function listRow(app: Application): Html {
  const { sync, health } = app.status;
  const { destination } = app.spec;
  const source = sourcesOf(app.spec)[0];
  return html`<tr>
<td><a href="/applications/${app.metadata.name}">${app.metadata.name}</a></td>
<td>${badge(sync?.status ?? 'Unknown')}</td>
<td>${badge(health?.status ?? 'Unknown')}</td>
<td class="mono">${sync?.revision?.slice(0, 7) ?? '–'}</td>
<td class="mono">${destination.namespace ?? ''}</td>
<td class="mono">${source?.repoURL ?? ''} ${source?.path ?? ''}</td>
</tr>`;
}

function applicationPage(app: Application): Html {
  const { status, spec } = app;
  const source = sourcesOf(spec)[0];
  return html`<h1>${app.metadata.name}</h1>
<p class="state">${badge(status.sync?.status ?? 'Unknown')} ${badge(status.health?.status ?? 'Unknown')} ${stateSentence(app)}</p>
${(status.conditions ?? []).map(({ type, message }) => html`<p class="condition"><strong>${type}</strong> ${message}</p>`)}
<dl>
<dt>Source</dt><dd class="mono">${source?.repoURL ?? ''} · ${source?.path ?? source?.chart ?? ''} @ ${source?.targetRevision || 'HEAD'}</dd>
<dt>Destination</dt><dd class="mono">${spec.destination.server ?? spec.destination.name ?? ''} · ${spec.destination.namespace ?? ''}</dd>
<dt>Images</dt><dd class="mono">${(status.summary?.images ?? []).join(', ') || '–'}</dd>
<dt>Sync it</dt><dd><code>hawser app sync ${app.metadata.name}</code> · <a href="/applications/${app.metadata.name}/diff">what that would change</a></dd>
</dl>
<h2>Resources</h2>
<table>
<thead><tr><th>Kind</th><th>Namespace</th><th>Name</th><th>Sync</th><th>Health</th></tr></thead>
<tbody>${(status.resources ?? []).map(resourceRow)}</tbody>
</table>
${operationPart(app)}
<h2>History</h2>
${historyPart(app)}`;
}

function historyPart({ status }: Application): Html {
  if (!status.history?.length) return html`<p>Nothing was deployed yet.</p>`;
  return html`<table>
<thead><tr><th>Id</th><th>Revision</th><th>Deployed</th><th>By</th></tr></thead>
<tbody>${[...status.history].reverse().map(
    ({ id, revision, revisions, deployedAt, initiatedBy }) => html`<tr><td>${id}</td>
<td class="mono">${(revision ?? revisions?.join(', '))?.slice(0, 40) ?? ''}</td><td><time datetime="${deployedAt}">${deployedAt}</time></td>
<td>${initiatedBy?.automated ? 'automated' : (initiatedBy?.username ?? '')}</td></tr>`,
  )}</tbody>
</table>`;
}

function resourceRow({ group, kind, namespace, name, status, health, requiresPruning }: ResourceStatus): Html {
  return html`<tr><td>${group ? `${group}/` : ''}${kind}</td><td class="mono">${namespace ?? ''}</td><td class="mono">${name}</td>
<td>${status ? badge(status) : ''}${requiresPruning ? ' to be pruned' : ''}</td><td>${health ? badge(health.status) : ''} ${health?.message ?? ''}</td></tr>`;
}

function operationPart({ status }: Application): Html {
  const state = status.operationState;
  if (!state) return html``;
  return html`<h2>Last operation</h2>
<p>${badge(state.phase)} ${state.message ?? ''} <time datetime="${state.startedAt}">${state.startedAt}</time></p>
<table>
<thead><tr><th>Kind</th><th>Namespace</th><th>Name</th><th>Result</th><th>Message</th></tr></thead>
<tbody>${(state.syncResult?.resources ?? []).map(
    ({ kind, namespace, name, message, ...result }) =>
      html`<tr><td>${kind}</td><td class="mono">${namespace}</td><td class="mono">${name}</td><td>${badge(outcomeOf(result) ?? 'Running')}</td><td>${message ?? ''}</td></tr>`,
  )}</tbody></table>`;
}

/** A state is an icon, a word and a colour, never a colour alone. */
const MEANINGS: Readonly<Record<string, readonly [icon: string, meaning: string]>> = {
  Synced: ['✓', 'good'],
  Healthy: ['✓', 'good'],
  Succeeded: ['✓', 'good'],
  Pruned: ['✓', 'good'],
  OutOfSync: ['≠', 'differs'],
  PruneSkipped: ['≠', 'differs'],
  Progressing: ['…', 'working'],
  Running: ['…', 'working'],
  Terminating: ['…', 'working'],
  Degraded: ['✕', 'bad'],
  Failed: ['✕', 'bad'],
  Error: ['✕', 'bad'],
  SyncFailed: ['✕', 'bad'],
  Missing: ['○', 'neutral'],
  Suspended: ['‖', 'neutral'],
};

function badge(word: string): Html {
  const [icon, meaning] = MEANINGS[word] ?? ['?', 'neutral'];
  return html`<span class="badge ${meaning}"><span aria-hidden="true">${icon}</span> ${word}</span>`;
}
