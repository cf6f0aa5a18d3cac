// The triggers and templates that are there without being configured: those of Argo CD's catalog by their names and conditions, with texts
// of our own, and one for a sync that a sync window holds. A ConfigMap that defines one of the same name counts instead.

import type { Condition, Template } from './config.ts';

const REVISION = 'app.status.operationState?.syncResult?.revision';
const HAS_OPERATION = 'app.status.operationState != nil and app.status.operationState.phase in';
const CHANGED = 'time.Parse(app.status.health.lastTransitionTime)';

export const DEFAULT_TRIGGERS: Readonly<Record<string, readonly Condition[]>> = {
  'on-created': [{ when: 'true', oncePer: 'app.metadata.name', send: ['app-created'] }],
  'on-deleted': [
    { when: 'app.metadata.deletionTimestamp != nil', oncePer: 'app.metadata.name', send: ['app-deleted'] },
  ],
  // Not before everything has become healthy after the sync: either it changed since, or it has been so all along.
  'on-deployed': [
    {
      when: `${HAS_OPERATION} ['Succeeded'] and app.status.health.status == 'Healthy' and (!${CHANGED}.Add(1 * time.Minute).Before(time.Parse(app.status.operationState.finishedAt)) or ${CHANGED}.Before(time.Parse(app.status.operationState.startedAt)))`,
      oncePer: REVISION,
      send: ['app-deployed'],
    },
  ],
  'on-health-degraded': [
    { when: "app.status.health.status == 'Degraded'", oncePer: REVISION, send: ['app-health-degraded'] },
  ],
  'on-sync-failed': [{ when: `${HAS_OPERATION} ['Error', 'Failed']`, oncePer: REVISION, send: ['app-sync-failed'] }],
  'on-sync-held': [
    {
      when: "any(app.status.conditions ?? [], {.type == 'SyncHeld'})",
      oncePer: 'app.status.sync?.revision ?? join(app.status.sync?.revisions ?? [], ",")',
      send: ['app-sync-held'],
    },
  ],
  'on-sync-running': [{ when: `${HAS_OPERATION} ['Running']`, oncePer: REVISION, send: ['app-sync-running'] }],
  'on-sync-status-unknown': [
    { when: "app.status.sync.status == 'Unknown'", oncePer: REVISION, send: ['app-sync-status-unknown'] },
  ],
  'on-sync-succeeded': [{ when: `${HAS_OPERATION} ['Succeeded']`, oncePer: REVISION, send: ['app-sync-succeeded'] }],
};

const NAME = '{{.app.metadata.name}}';
const PAGE = '{{.context.argocdUrl}}/applications/{{.app.metadata.name}}';
const PROBLEMS = '{{range .app.status.conditions}}\n* {{.message}}{{end}}';

interface Look {
  readonly title: string;
  readonly message: string;
  /** RGB, as Slack and Teams take it. */
  readonly color: string;
  /** A line of its own beside the sync status. */
  readonly fact?: { readonly name: string; readonly value: string };
  readonly link?: string;
  /** Of the commit: its state, and what is said of it. */
  readonly git?: { readonly state: string; readonly description: string };
}

const LOOKS: Readonly<Record<string, Look>> = {
  'app-created': { title: `${NAME} was created`, message: `Application ${NAME} was created.`, color: '#0dadea' },
  'app-deleted': {
    title: `${NAME} is being deleted`,
    message: `Application ${NAME} is being deleted.`,
    color: '#8fa4b1',
  },
  'app-deployed': {
    title: `${NAME} runs a new version`,
    message: `Application ${NAME} runs what was deployed, and is healthy.`,
    color: '#18be52',
    git: { state: 'success', description: 'deployed and healthy' },
  },
  'app-health-degraded': {
    title: `${NAME} is degraded`,
    message: `Application ${NAME} is degraded{{with .app.status.health}}{{with .message}}: {{.}}{{end}}{{end}}. See ${PAGE}`,
    color: '#f4c030',
    fact: { name: 'Health', value: '{{with .app.status.health}}{{.status}}{{end}}' },
    git: { state: 'failure', description: 'degraded{{with .app.status.health}}{{with .message}}: {{.}}{{end}}{{end}}' },
  },
  'app-sync-failed': {
    title: `Syncing ${NAME} failed`,
    message: `The sync of ${NAME} failed at {{.app.status.operationState.finishedAt}}: {{.app.status.operationState.message}}. See ${PAGE}?operation=true`,
    color: '#e96d76',
    fact: { name: 'Failed at', value: '{{.app.status.operationState.finishedAt}}' },
    link: `${PAGE}?operation=true`,
    git: { state: 'failure', description: 'the sync failed: {{.app.status.operationState.message}}' },
  },
  'app-sync-held': {
    title: `The sync of ${NAME} is held`,
    message: `A sync of ${NAME} waits:{{range .app.status.conditions}}{{if eq .type "SyncHeld"}} {{.message}}{{end}}{{end}}. See ${PAGE}`,
    color: '#f4c030',
    git: {
      state: 'pending',
      description: '{{range .app.status.conditions}}{{if eq .type "SyncHeld"}}{{.message}}{{end}}{{end}}',
    },
  },
  'app-sync-running': {
    title: `Syncing ${NAME}`,
    message: `The sync of ${NAME} began at {{.app.status.operationState.startedAt}}. See ${PAGE}?operation=true`,
    color: '#0dadea',
    fact: { name: 'Began at', value: '{{.app.status.operationState.startedAt}}' },
    link: `${PAGE}?operation=true`,
    git: { state: 'running', description: 'the sync has begun' },
  },
  'app-sync-status-unknown': {
    title: `It is not known whether ${NAME} is in sync`,
    message: `Application ${NAME} cannot be compared. See ${PAGE}${PROBLEMS}`,
    color: '#e96d76',
    git: { state: 'error', description: '{{range .app.status.conditions}}{{.message}} {{end}}' },
  },
  'app-sync-succeeded': {
    title: `${NAME} was synced`,
    message: `Application ${NAME} was synced at {{.app.status.operationState.finishedAt}}. See ${PAGE}?operation=true`,
    color: '#18be52',
    fact: { name: 'Synced at', value: '{{.app.status.operationState.finishedAt}}' },
    link: `${PAGE}?operation=true`,
    git: { state: 'success', description: 'synced' },
  },
};

const SOURCES =
  '{{if .app.spec.source}}{{.app.spec.source.repoURL}}{{else}}{{range $i, $s := .app.spec.sources}}{{if $i}} {{end}}{{$s.repoURL}}{{end}}{{end}}';

/** Lists and mappings, where Argo CD's are texts in JSON: no message that has quotes in it breaks them. */
function templateOf({ title, message, color, fact, link = PAGE, git }: Look): Template {
  const facts = [
    { name: 'Sync status', value: '{{with .app.status.sync}}{{.status}}{{end}}' },
    ...(fact ? [fact] : []),
    { name: 'Repository', value: SOURCES },
    { name: 'Revision', value: '{{with .app.status.sync}}{{or .revision (join ", " .revisions)}}{{end}}' },
  ];
  const fields = facts.map(({ name, value }) => ({ title: name, value, short: true }));
  const targets = [{ os: 'default', uri: link }];
  const teams = { title, facts, potentialAction: [{ '@type': 'OpenUri', name: 'Open Application', targets }] };
  return {
    message,
    email: { subject: title },
    slack: { attachments: [{ title, title_link: link, color, fields }] },
    teams: { ...teams, themeColor: color },
    'teams-workflows': teams,
    ...(git && { github: { status: git }, gitlab: { status: git }, gitea: { status: git }, forgejo: { status: git } }),
  };
}

export const DEFAULT_TEMPLATES: Readonly<Record<string, Template>> = Object.fromEntries(
  Object.entries(LOOKS).map(([name, look]) => [name, templateOf(look)]),
);
