// `import … from 'hawser'`: the handler over a platform of the reader's own, as src/main-node.ts and src/main-worker.ts put it together.
//
//   const hawser = createHawser({ platform, readSources: createSourceReaders(platform) });
//   const app = createApp(hawser, platform);
//   export default { fetch: (request: Request) => app.fetch(request) };
//
// When an alarm that was set by `platform.alarms` is due, `hawser.alarm(name)` is called; `hawser.resume()` once at the start.

export { createApp } from '../app.ts';
export type {
  Application,
  ApplicationSpec,
  ApplicationStatus,
  ResourceStatus,
  SyncRequest,
} from '../application/types.ts';
export { type ErrorCode, HawserError } from '../base/errors.ts';
export { createLocks } from '../base/locks.ts';
export { createMemoryCache } from '../base/memory-cache.ts';
export { createKubeClient, type KubeClient } from '../kube/client.ts';
export { createHawser, type HawserParts } from '../operation/create.ts';
export type { Hawser, RefreshRequest, RollbackRequest, SyncExtras, WebhookSettings } from '../operation/hawser.ts';
export { prepareHome, requireApplications } from '../operation/prepare-home.ts';
export type { DeliveryAnswer, Push, Verdict, VerdictKind } from '../operation/push.ts';
export type {
  Alarms,
  Cache,
  Clock,
  ClusterTransport,
  ConnectedFetch,
  ConnectionOptions,
  Journal,
  Locks,
  Log,
  LogFields,
  Platform,
  Settings,
} from '../platform.ts';
export { createSourceReaders } from '../source/reader.ts';
