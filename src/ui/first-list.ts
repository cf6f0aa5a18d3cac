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
  'spec',
  'operation.sync.revision',
  'status.sync',
  'status.health',
  'status.conditions',
  'status.summary',
  'status.resources',
  'status.reconciledAt',
  'status.operationState.phase',
  'status.operationState.message',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
] as const;

/** `?fields=` of the list. */
export const LIST_SELECTION = ['metadata.resourceVersion', ...LIST_FIELDS.map((field) => `items.${field}`)].join(',');

export const LIST_ADDRESS = `/api/v1/applications?${new URLSearchParams({ fields: LIST_SELECTION })}`;
