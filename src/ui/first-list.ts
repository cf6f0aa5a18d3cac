// What the page of all Applications asks for first. The document names it, so that a browser asks while the script still loads; the script
// then asks for the very same address.

/** What lists show of an Application; the page of one asks for all of it. */
export const LIST_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'metadata.resourceVersion',
  'spec.project',
  'spec.destination',
  'spec.syncPolicy',
  ...sourceFields('spec.source'),
  ...sourceFields('spec.sources'),
  'operation.sync.revision',
  'status.sync.status',
  'status.sync.revision',
  'status.sync.revisions',
  'status.health',
  'status.conditions',
  'status.summary',
  'status.resources.kind',
  'status.resources.name',
  'status.resources.status',
  'status.resources.hook',
  'status.resources.health',
  'status.reconciledAt',
  'status.operationState.phase',
  'status.operationState.message',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
  'status.operationState.operation.initiatedBy',
  'status.operationState.syncResult.revision',
  'status.operationState.syncResult.revisions',
] as const;

/** `?fields=` of the list. */
export const LIST_SELECTION = ['metadata.resourceVersion', ...LIST_FIELDS.map((field) => `items.${field}`)].join(',');

export const LIST_ADDRESS = `/api/v1/applications?${new URLSearchParams({ fields: LIST_SELECTION })}`;

/** Without values and parameters, which may be long. */
function sourceFields(at: string): readonly string[] {
  return ['repoURL', 'path', 'chart', 'targetRevision', 'ref', 'name'].map((field) => `${at}.${field}`);
}
