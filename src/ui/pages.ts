// The pages that say what is deployed: a list of Applications, and one Application with what differs. Plain HTML from the server.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { applicationObject } from '../account/rights.ts';
import { findApplication } from '../api/find-application.ts';
import type { ApiParts } from '../api/route.ts';
import { outcomeOf } from '../application/operation-result.ts';
import { sourcesOf } from '../application/parse.ts';
import { stateSentence } from '../application/state-sentence.ts';
import type { Application, ResourceStatus } from '../application/types.ts';
import { formatError, type HawserError, httpStatusOf, isHawserError } from '../base/errors.ts';
import { diffPage } from './diff-page.ts';
import { loginPages } from './login.ts';
import { type Html, page, withPageHeaders } from './page.ts';
import { type Visit, visit } from './visit.ts';

export function createPages(parts: ApiParts): Hono {
  const { hawser, platform } = parts;
  const pages = new Hono();
  for (const path of ['/', '/applications/*', '/login']) pages.use(path, withPageHeaders);
  pages.onError((error, context) => {
    // What nobody foresaw is the app's to log and to answer.
    if (!isHawserError(error)) throw error;
    return context.html(page('Error', errorPage(error)), httpStatusOf(error) as ContentfulStatusCode);
  });

  /** Answers whoever has a session, or needs none. */
  const get = (
    path: string,
    show: (visitor: Visit, context: Context) => Promise<readonly [title: string, body: Html]>,
  ) =>
    pages.get(path, async (context) => {
      const visitor = await visit(parts, context);
      if (visitor instanceof Response) return visitor;
      const [title, body] = await show(visitor, context);
      return context.html(page(title, body, visitor.who));
    });
  const find = ({ rights }: Visit, context: Context): Promise<Application> =>
    findApplication(parts, rights, {
      name: context.req.param('name') ?? '',
      actions: ['get'],
      appNamespace: context.req.param('namespace'),
      project: undefined,
    });

  get('/', async ({ rights }) => {
    const { namespace } = platform.settings;
    const all = await hawser.listApplications();
    const shown = all.filter((app) => rights.may('applications', 'get', applicationObject(app, namespace)));
    return ['Applications', listPage(shown)];
  });
  get('/applications/:name', async (visitor, context) => {
    const app = await find(visitor, context);
    return [app.metadata.name, applicationPage(app)];
  });
  get('/applications/:name/diff', async (visitor, context) => {
    const { name, namespace } = (await find(visitor, context)).metadata;
    return [name, diffPage(name, await hawser.managedResources(name, {}, namespace))];
  });
  // As Argo CD's own addresses are, which other tools link to.
  get('/applications/:namespace/:name', async (visitor, context) => {
    const app = await find(visitor, context);
    return [app.metadata.name, applicationPage(app)];
  });
  pages.route('/', loginPages(parts));
  return pages;
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
