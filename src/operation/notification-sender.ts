// One notification on its way: what its triggers and templates ask is brought, they are filled in, and its service is told.

import { isSourcePermitted } from '../application/project.ts';
import type { Application, Operation } from '../application/types.ts';
import { bringMissing } from '../base/bring-missing.ts';
import { HawserError } from '../base/errors.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { NotificationConfig } from '../notify/config.ts';
import { fillIn } from '../notify/message.ts';
import { SENT_TO, senderOf } from '../notify/services.ts';
import type { Destination } from '../notify/subscriptions.ts';
import { type Commits, variablesOf } from '../notify/variables.ts';
import { GIT_SERVICES, reportCommit } from './commit-reports.ts';
import type { KnownSettings } from './notification-settings.ts';
import type { Road } from './road.ts';
import { readProject, readRepositorySecrets } from './world.ts';

/** A state of an Application, and what was configured then. */
export interface Asked extends KnownSettings {
  readonly app: Application;
}

/** With the commits that are asked about (`repo.GetCommitMetadata`), which are brought. `to`: nobody, while a trigger is asked. */
export function withVariables<T>(
  road: Road,
  { app, config, project, argocdUrl }: Asked,
  to: Destination | undefined,
  work: (variables: ReturnType<typeof variablesOf>) => T,
): Promise<T> {
  const { clock } = road.platform;
  const commits: Commits = { known: new Map(), missing: new Set() };
  const input = {
    app: withoutManifests(app),
    appProject: project,
    config,
    url: argocdUrl,
    commits,
    now: () => clock.now(),
  };
  const wait = { isIncomplete: () => commits.missing.size > 0, load: () => bringCommits(road, app, commits) };
  return bringMissing([wait], road.stopping, () => work(variablesOf({ ...input, ...(to && { to }) })));
}

/** Throws `Unavailable` or `Timeout` for what may be tried again, and other errors for what would fail again. */
export async function sendNotification(
  road: Road,
  asked: Asked,
  to: Destination,
  templates: readonly string[],
): Promise<void> {
  const { app, config, argocdUrl } = asked;
  const { service, recipient } = to;
  const configured = config.services.get(service);
  const isGit = GIT_SERVICES.includes(service);
  const sender = configured && senderOf(configured.type);
  if (!isGit && !sender) throw unknownService(service, configured?.type);
  const kind = isGit ? service : (configured?.type ?? service);
  const { fetch, clock, random } = road.platform;
  const signal = road.stopping;
  const chosen = templatesOf(config, templates);
  const message = await withVariables(road, asked, to, (variables) =>
    fillIn(chosen, kind, variables, { now: () => clock.now(), random }),
  );
  if (isGit) {
    const url = argocdUrl && `${argocdUrl}/applications/${app.metadata.name}?operation=true`;
    await reportCommit(road, { app, service, recipient, message, url, signal });
  } else await sender?.({ fetch, message, service, recipient, options: configured?.options ?? {}, signal });
}

function templatesOf({ templates }: NotificationConfig, names: readonly string[]) {
  return names.map((name) => {
    const template = templates.get(name);
    if (!template) throw new HawserError('InvalidInput', `template '${name}' is not configured`);
    return template;
  });
}

function unknownService(service: string, type: string | undefined): HawserError {
  if (type === undefined) return new HawserError('InvalidInput', `notification service '${service}' is not configured`);
  const hint = `it knows ${[...SENT_TO, ...GIT_SERVICES].join(', ')}`;
  return new HawserError('Unsupported', `hawser sends nothing to services of the type ${type}`, { hint });
}

/** The manifests of a local sync may hold Secrets. */
function withoutManifests(app: Application): Application {
  const { operation, status } = app;
  const strip = ({ sync, ...rest }: Operation): Operation => {
    const { manifests: _, ...kept } = sync ?? {};
    return { ...rest, ...(sync && { sync: kept }) };
  };
  const state = status.operationState;
  return {
    ...app,
    ...(operation && { operation: strip(operation) }),
    status: { ...status, ...(state && { operationState: { ...state, operation: strip(state.operation) } }) },
  };
}

async function bringCommits(road: Road, app: Application, { known, missing }: Commits): Promise<void> {
  const secrets = readRepositorySecrets(road, 'cached');
  const { source, sources = source ? [source] : [], project } = app.spec;
  const repoURL = sources[0]?.repoURL ?? '';
  const rules = await readProject(road, project || 'default', secrets);
  if (!rules || !isSourcePermitted(rules, repoURL)) {
    throw new HawserError('InvalidInput', `the project ${project} does not permit ${withoutUserinfo(repoURL)}`);
  }
  const reader = road.readSources(await secrets);
  for (const commit of [...missing]) {
    missing.delete(commit);
    const found = await reader.readCommit(repoURL, project, commit, road.stopping);
    const { author, message } = found.commit;
    known.set(commit, {
      message: message.replace(/\n+$/, ''),
      author: author.email === '' ? author.name : `${author.name} <${author.email}>`,
      atSeconds: author.atSeconds,
      tags: found.tags,
    });
  }
}
