// What the outside (webhooks, API, CLI, UI) may ask of hawser. The road itself lies in the files beside this one.

import type { Application, SyncRequest } from '../application/types.ts';
import type { ResourceDiff } from '../compare/resource-diff.ts';
import type { DeliveryAnswer, Push } from './push.ts';

export interface RefreshRequest {
  /** One of the three. */
  readonly application?: string;
  readonly repoURL?: string;
  readonly all?: boolean;
  /** Compare with this revision instead of targetRevision. */
  readonly revision?: string;
  /** Render and compare anew even where nothing seems to have changed. */
  readonly hard?: boolean;
}

export interface WebhookSettings {
  readonly secrets: Readonly<Record<string, string>>;
  readonly maxBytes: number;
}

export interface Hawser {
  webhookSettings(): Promise<WebhookSettings>;
  /** The bearer token for writes. */
  token(): Promise<string>;
  receivePush(push: Push): Promise<DeliveryAnswer>;
  refresh(request: RefreshRequest): Promise<DeliveryAnswer>;
  listApplications(): Promise<readonly Application[]>;
  /** Throws `NotFound`. */
  getApplication(name: string, namespace?: string): Promise<Application>;
  /** Records the operation and starts it; throws `Conflict` while another one runs. */
  requestSync(name: string, request: SyncRequest, by: string): Promise<Application>;
  /** Live, target and predicted state of each object, compared now. */
  managedResources(name: string): Promise<readonly ResourceDiff[]>;
  /** Finishes what an earlier process left unfinished and catches pushes that were missed. Called at start. */
  resume(): Promise<void>;
  /** Resolves when no work goes on in the background. */
  idle(): Promise<void>;
}
