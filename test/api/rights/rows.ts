// What each route answers to whom, written by hand from what Argo CD permits. A route without a row fails the test: add one below.
//
//   row('GET /api/v1/applications/:name', '/api/v1/applications/{app}', [401, 200, 200, 200, 403, 200, 200], body?)
//
// The path with its example values: {app} is an Application of the project shop, for the column `other` one of the project other; {project}
// is that project, {revision} a commit, {delivery} a push that concerned both; {who} is the column's name, for what may be used up once (`gone-admin`, `gone-machine` are there for that); {git} is a Git server, {cluster} an API server.
// The columns:
//   nobody    without a session; and so for every session and token that is expired, taken back or forged
//   open      without a session, where users.anonymous.enabled is "true" and policy.default role:readonly
//   readonly  a local account with role:readonly
//   role      a token of shop's role ci, which may get and sync Applications of shop, and get their logs
//   other     the same token, for what belongs to the project other
//   admin     admin's session
//   machine   hawser's own token

export const COLUMNS = ['nobody', 'open', 'readonly', 'role', 'other', 'admin', 'machine'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Row {
  /** Method and path as the table of routes has them. */
  readonly route: string;
  readonly path: string;
  readonly statuses: Readonly<Record<Column, number>>;
  readonly body?: unknown;
}

type Statuses = readonly [
  nobody: number,
  open: number,
  readonly: number,
  role: number,
  other: number,
  admin: number,
  machine: number,
];

function row(route: string, path: string, statuses: Statuses, body?: unknown): Row {
  const named = Object.fromEntries(COLUMNS.map((column, index) => [column, statuses[index] ?? 0]));
  return { route, path, statuses: named as Row['statuses'], ...(body !== undefined && { body }) };
}

const A = '/api/v1/applications';
const APP = `${A}/{app}`;
const MAP = 'group=&version=v1&kind=ConfigMap&namespace=app&resourceName=settings';
const DEPLOYMENT = 'group=apps&version=v1&kind=Deployment&namespace=app&resourceName=web';

/** Read by whoever may get the Application. */
const READ: Statuses = [401, 200, 200, 200, 403, 200, 200];
/** Read by whoever may get the project. */
const PROJECT: Statuses = [401, 200, 200, 200, 403, 200, 200];
/** Lists show what one may see. */
const LIST: Statuses = [401, 200, 200, 200, 200, 200, 200];
/** Anybody. */
const OPEN: Statuses = [200, 200, 200, 200, 200, 200, 200];
/** Read by whoever has role:readonly. */
const VIEW: Statuses = [401, 200, 200, 403, 403, 200, 200];
/** Done by admin alone. */
const ADMIN: Statuses = [401, 403, 403, 403, 403, 200, 200];

function admin(status: number): Statuses {
  return [401, 403, 403, 403, 403, status, status];
}
function view(status: number): Statuses {
  return [401, status, status, 403, 403, status, status];
}

const source = { repoURL: '{git}/devops/app', path: 'm', targetRevision: 'HEAD' };
const destination = { server: 'https://kubernetes.default.svc', namespace: 'app' };
const application = (name: string) => ({
  metadata: { name },
  spec: { project: '{project}', source, destination },
});

const SESSIONS: readonly Row[] = [
  row('POST /api/v1/session', '/api/v1/session', [401, 401, 401, 401, 401, 401, 401], {}),
  row('DELETE /api/v1/session', '/api/v1/session', OPEN),
  row('GET /api/v1/session/userinfo', '/api/v1/session/userinfo', OPEN),
  row('GET /api/v1/session/rights', '/api/v1/session/rights', LIST),
  row('GET /auth/login', '/auth/login', [404, 404, 404, 404, 404, 404, 404]),
  row('GET /auth/callback', '/auth/callback', [404, 404, 404, 404, 404, 404, 404]),
  row('GET /auth/logout', '/auth/logout', [303, 303, 303, 303, 303, 303, 303]),
];

const ACCOUNTS: readonly Row[] = [
  row('GET /api/v1/account', '/api/v1/account', LIST),
  row('GET /api/v1/account/:name', '/api/v1/account/admin', VIEW),
  row(
    'GET /api/v1/account/can-i/:resource/:action/:subresource{.*}',
    '/api/v1/account/can-i/applications/get/shop/app',
    LIST,
  ),
  row('PUT /api/v1/account/password', '/api/v1/account/password', [401, 403, 403, 403, 403, 400, 200], {
    name: 'robot',
    newPassword: 'long enough',
  }),
  row('POST /api/v1/account/:name/token', '/api/v1/account/robot/token', ADMIN, { id: 'gone-{who}-too' }),
  row('DELETE /api/v1/account/:name/token/:id', '/api/v1/account/robot/token/gone-{who}', ADMIN),
  row('POST /api/v1/projects/:name/roles/:role/token', '/api/v1/projects/{project}/roles/ci/token', ADMIN, {}),
  row('DELETE /api/v1/projects/:name/roles/:role/token/:iat', '/api/v1/projects/{project}/roles/ci/token/17', ADMIN),
];

const APPLICATIONS: readonly Row[] = [
  row(`GET ${A}`, A, LIST),
  row(`POST ${A}`, A, ADMIN, application('made-{who}')),
  row(`GET ${A}/:name`, APP, READ),
  row(`PUT ${A}/:name`, APP, ADMIN, application('{app}')),
  row(`PUT ${A}/:name/spec`, `${APP}/spec`, ADMIN, application('{app}').spec),
  row(`PATCH ${A}/:name`, APP, ADMIN, { patchType: 'merge', patch: '{"metadata":{"labels":{"a":"b"}}}' }),
  row(`DELETE ${A}/:name`, `${A}/gone-{who}?cascade=false`, ADMIN),
  row(`POST ${A}/:name/confirm-deletion`, `${APP}/confirm-deletion`, ADMIN, {}),
  row(`GET ${A}/:name/manifests`, `${APP}/manifests`, READ),
  row(`GET ${A}/:name/managed-resources`, `${APP}/managed-resources`, READ),
  row(`GET ${A}/:name/server-side-diff`, `${APP}/server-side-diff`, READ),
  row(`POST ${A}/:name/server-side-diff`, `${APP}/server-side-diff`, [401, 403, 403, 200, 403, 200, 200], {}),
  row(`GET ${A}/:name/render-input`, `${APP}/render-input`, ADMIN),
  row(`POST ${A}/:name/commits`, `${APP}/commits`, admin(400), {
    branch: 'no..branch',
    createBranch: true,
    message: 'Try',
    files: { 'm/x.yaml': '' },
    baseRevision: '{revision}',
  }),
  row(`GET ${A}/:name/drift`, `${APP}/drift`, READ),
  row(`GET ${A}/:name/state`, `${APP}/state`, READ),
  row(`POST ${A}/:name/plan`, `${APP}/plan`, READ, {}),
  row(`POST ${A}/:name/sync`, `${APP}/sync`, [401, 403, 403, 200, 403, 200, 200], { dryRun: true }),
  row(`POST ${A}/:name/rollback`, `${APP}/rollback`, [401, 403, 403, 400, 403, 400, 400], { id: 99 }),
  row(`DELETE ${A}/:name/operation`, `${APP}/operation`, [401, 403, 403, 400, 403, 400, 400]),
  row(`POST ${A}/:name/approve-sync`, `${APP}/approve-sync`, [401, 403, 403, 400, 403, 400, 400], {}),
  row(`GET ${A}/:name/revisions/:revision/metadata`, `${APP}/revisions/{revision}/metadata`, READ),
  row(
    `GET ${A}/:name/revisions/:revision/chartdetails`,
    `${APP}/revisions/1.0.0/chartdetails`,
    [401, 400, 400, 400, 403, 400, 400],
  ),
  row(
    `GET ${A}/:name/revisions/:revision/ocimetadata`,
    `${APP}/revisions/1.0.0/ocimetadata`,
    [401, 400, 400, 400, 403, 400, 400],
  ),
  row(`GET ${A}/:name/syncwindows`, `${APP}/syncwindows`, READ),
  row(`GET ${A}/:name/links`, `${APP}/links`, READ),
  row('POST /api/refresh', '/api/refresh', [401, 202, 202, 202, 403, 202, 202], { application: '{app}' }),
  row('GET /api/badge', '/api/badge?name={app}', OPEN),
];

const RESOURCES: readonly Row[] = [
  row(`GET ${A}/:name/resource-tree`, `${APP}/resource-tree`, READ),
  row(`GET ${A}/:name/resource`, `${APP}/resource?${MAP}`, READ),
  row(
    `POST ${A}/:name/resource`,
    `${APP}/resource?${MAP}&patchType=application/merge-patch%2Bjson`,
    ADMIN,
    JSON.stringify('{"metadata":{"labels":{"a":"b"}}}'),
  ),
  row(`DELETE ${A}/:name/resource`, `${APP}/resource?${MAP.replace('settings', 'gone-{who}')}`, ADMIN),
  row(`GET ${A}/:name/resource/actions`, `${APP}/resource/actions?${DEPLOYMENT}`, READ),
  row(`POST ${A}/:name/resource/actions`, `${APP}/resource/actions?${DEPLOYMENT}`, ADMIN, '"restart"'),
  row(`POST ${A}/:name/resource/actions/v2`, `${APP}/resource/actions/v2`, ADMIN, {
    ...{ group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'app', resourceName: 'web', action: 'restart' },
  }),
  row(`GET ${A}/:name/resource/links`, `${APP}/resource/links?${MAP}`, READ),
  row(`GET ${A}/:name/logs`, `${APP}/logs?namespace=app&tailLines=1`, READ),
  row(
    `GET ${A}/:name/pods/:podName/logs`,
    `${APP}/pods/nosuch/logs?namespace=app&tailLines=1`,
    [401, 400, 400, 400, 403, 400, 400],
  ),
  row(`GET ${A}/:name/events`, `${APP}/events`, READ),
  row('GET /api/v1/projects/:project/events', '/api/v1/projects/{project}/events', PROJECT),
  row('GET /api/v1/stream/applications', '/api/v1/stream/applications', LIST),
  row('GET /api/v1/stream/applications/:name/resource-tree', '/api/v1/stream/applications/{app}/resource-tree', READ),
];

const P = '/api/v1/projects';
const spare = { metadata: { name: 'spare' }, spec: { sourceRepos: ['*'] } };
const PROJECTS: readonly Row[] = [
  row(`GET ${P}`, P, LIST),
  row(`POST ${P}`, P, ADMIN, { project: { metadata: { name: 'made-{who}' }, spec: {} } }),
  row(`GET ${P}/:name`, `${P}/{project}`, PROJECT),
  row(`PUT ${P}/:name`, `${P}/spare`, ADMIN, { project: spare }),
  row(`DELETE ${P}/:name`, `${P}/gone-{who}`, ADMIN),
  row(`GET ${P}/:name/detailed`, `${P}/{project}/detailed`, PROJECT),
  row(`GET ${P}/:name/globalprojects`, `${P}/{project}/globalprojects`, PROJECT),
  row(`GET ${P}/:name/syncwindows`, `${P}/{project}/syncwindows`, PROJECT),
  row(`GET ${P}/:name/links`, `${P}/{project}/links`, PROJECT),
];

const REPO = encodeURIComponent('http://127.0.0.1:1/known');
const GONE = encodeURIComponent('http://127.0.0.1:1/gone-');
const REGISTERED = { repo: '{git}/devops/app', username: 'devops', password: 'git-password' };

function repositories(path: string): readonly Row[] {
  return [
    row(`GET ${path}`, path, LIST),
    row(`POST ${path}`, `${path}?upsert=true`, ADMIN, REGISTERED),
    row(`GET ${path}/:repo`, `${path}/${REPO}`, VIEW),
    row(`PUT ${path}/:repo`, `${path}/${encodeURIComponent('{git}/devops/app')}`, ADMIN, REGISTERED),
    row(`DELETE ${path}/:repo`, `${path}/${GONE}{who}`, ADMIN),
    row(
      `POST ${path}/:repo/validate`,
      `${path}/${encodeURIComponent('{git}/devops/app')}/validate`,
      ADMIN,
      '"{git}/devops/app"',
    ),
  ];
}

function credentials(path: string): readonly Row[] {
  const url = 'http://127.0.0.1:1/';
  return [
    row(`GET ${path}`, path, LIST),
    row(`POST ${path}`, `${path}?upsert=true`, ADMIN, { url }),
    row(`PUT ${path}/:url`, `${path}/${encodeURIComponent(url)}`, ADMIN, { url }),
    row(`DELETE ${path}/:url`, `${path}/${GONE}{who}`, ADMIN),
  ];
}

const R = '/api/v1/repositories';
const REPOSITORIES: readonly Row[] = [
  ...repositories(R),
  ...repositories('/api/v1/write-repositories'),
  row(`GET ${R}/:repo/refs`, `${R}/${encodeURIComponent('{git}/devops/app')}/refs`, VIEW),
  row(`GET ${R}/:repo/oci-tags`, `${R}/${REPO}/oci-tags`, view(400)),
  row(`GET ${R}/:repo/helmcharts`, `${R}/${REPO}/helmcharts`, view(503)),
  row(`GET ${R}/:repo/apps`, `${R}/${REPO}/apps`, admin(400)),
  row(`POST ${R}/:repo/appdetails`, `${R}/${encodeURIComponent('{git}/devops/app')}/appdetails`, VIEW, {
    ...{ source, appName: '{app}', appProject: '{project}' },
  }),
  row(`GET ${R}/:repo/webhook`, `${R}/${REPO}/webhook`, VIEW),
  row(`POST ${R}/:repo/webhook`, `${R}/${REPO}/webhook`, admin(400), {}),
  row(`PUT ${R}/:repo/webhook`, `${R}/${REPO}/webhook`, ADMIN, { secret: 'chosen by hand' }),
  ...credentials('/api/v1/repocreds'),
  ...credentials('/api/v1/write-repocreds'),
];

const C = '/api/v1/clusters';
const HOME = encodeURIComponent('https://kubernetes.default.svc');
const SPARE = encodeURIComponent('{cluster}/spare');
const CLUSTERS: readonly Row[] = [
  row(`GET ${C}`, C, LIST),
  row(`POST ${C}`, C, ADMIN, { server: '{cluster}/made-{who}', name: 'made-{who}', config: {} }),
  row(`GET ${C}/:id`, `${C}/${HOME}`, VIEW),
  row(`PUT ${C}/:id`, `${C}/${SPARE}`, ADMIN, { server: '{cluster}/spare', name: 'spare', config: {} }),
  row(`DELETE ${C}/:id`, `${C}/gone-{who}?id.type=name`, ADMIN),
  row(`POST ${C}/:id/invalidate-cache`, `${C}/${HOME}/invalidate-cache`, ADMIN, {}),
  row(`POST ${C}/:id/rotate-auth`, `${C}/${SPARE}/rotate-auth`, admin(400), {}),
  row('GET /api/v1/certificates', '/api/v1/certificates', VIEW),
  row('POST /api/v1/certificates', '/api/v1/certificates', ADMIN, { items: [] }),
  row('DELETE /api/v1/certificates', '/api/v1/certificates?hostNamePattern=nosuch', ADMIN),
];

const NOT_BUILT = 501;
const OTHERS: readonly Row[] = [
  row('GET /api/v1/settings', '/api/v1/settings', OPEN),
  row('GET /api/v1/settings/plugins', '/api/v1/settings/plugins', LIST),
  row('GET /api/version', '/api/version', OPEN),
  row('GET /metrics', '/metrics', VIEW),
  row('GET /openapi.json', '/openapi.json', OPEN),
  row('GET /swagger.json', '/swagger.json', OPEN),
  row('GET /api/v1/gpgkeys', '/api/v1/gpgkeys', VIEW),
  row('GET /api/v1/gpgkeys/:keyID', '/api/v1/gpgkeys/x', view(404)),
  row('POST /api/v1/gpgkeys', '/api/v1/gpgkeys', admin(NOT_BUILT), {}),
  row('DELETE /api/v1/gpgkeys', '/api/v1/gpgkeys', admin(NOT_BUILT)),
  row('GET /api/v1/notifications/services', '/api/v1/notifications/services', LIST),
  row('GET /api/v1/notifications/triggers', '/api/v1/notifications/triggers', LIST),
  row('GET /api/v1/notifications/templates', '/api/v1/notifications/templates', LIST),
  row('GET /api/v1/applicationsets', '/api/v1/applicationsets', LIST),
  row('GET /api/v1/applicationsets/:name', '/api/v1/applicationsets/x', view(404)),
  row('POST /api/v1/applicationsets', '/api/v1/applicationsets', admin(NOT_BUILT), {}),
  row('POST /api/v1/applicationsets/generate', '/api/v1/applicationsets/generate', admin(NOT_BUILT), {}),
  row('DELETE /api/v1/applicationsets/:name', '/api/v1/applicationsets/x', admin(NOT_BUILT)),
  row('GET /api/deliveries', '/api/deliveries', LIST),
  row('GET /api/v1/stream/deliveries', '/api/v1/stream/deliveries', LIST),
  row('GET /api/v1/refused-deliveries', '/api/v1/refused-deliveries', VIEW),
  row('GET /api/v1/drift', '/api/v1/drift', LIST),
  row('GET /api/deliveries/:id', '/api/deliveries/{delivery}', [401, 200, 200, 200, 200, 200, 200]),
  row('POST /api/deliveries/:id/replay', '/api/deliveries/{delivery}/replay', [401, 403, 403, 403, 403, 202, 202], {}),
  row('POST /api/peer', '/api/peer', [401, 403, 403, 403, 403, 403, 202], { kind: 'leaving', identity: 'a' }),
  row('POST /api/wake', '/api/wake', [401, 403, 403, 403, 403, 403, 200], {}),
];

export const ROWS: readonly Row[] = [
  ...SESSIONS,
  ...ACCOUNTS,
  ...APPLICATIONS,
  ...RESOURCES,
  ...PROJECTS,
  ...REPOSITORIES,
  ...CLUSTERS,
  ...OTHERS,
];
