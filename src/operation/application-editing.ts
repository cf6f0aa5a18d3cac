// Finding, making and changing Applications, and what is known of their sources.

import type { Application } from '../application/types.ts';
import { type ApplicationManifests, renderManifests } from './application-manifests.ts';
import {
  type ApplicationDraft,
  type CreateRequest,
  createApplication,
  type EditRequest,
  replaceApplication,
} from './edit-application.ts';
import { type ApplicationFilter, type ApplicationList, findApplications } from './list-applications.ts';
import {
  type ChartDetails,
  type RevisionMetadata,
  readChartDetails,
  readOciMetadata,
  readRevisionMetadata,
  type SourceChoice,
} from './revision-details.ts';
import type { Road } from './road.ts';
import { configData } from './settings.ts';
import { type ApplicationWindows, showWindows } from './show-windows.ts';

export interface ApplicationEditing {
  find(filter: ApplicationFilter): Promise<ApplicationList>;
  create(draft: ApplicationDraft, request: CreateRequest): Promise<Application>;
  /** Spec, labels, annotations and finalizers become those of the draft. */
  replace(app: Application, draft: ApplicationDraft, request: EditRequest): Promise<Application>;
  /** `revisions` replace the sources' targetRevision, each its own; an empty one does not. */
  manifests(app: Application, revisions: readonly string[]): Promise<ApplicationManifests>;
  revisionMetadata(app: Application, revision: string, choice: SourceChoice): Promise<RevisionMetadata>;
  chartDetails(app: Application, revision: string, choice: SourceChoice): Promise<ChartDetails>;
  ociMetadata(app: Application, revision: string, choice: SourceChoice): Promise<Readonly<Record<string, string>>>;
  windows(app: Application): Promise<ApplicationWindows>;
  /** The texts of argocd-cm, milliseconds old. */
  config(): Promise<Readonly<Record<string, string>>>;
}

export function createApplicationEditing(road: Road): ApplicationEditing {
  const { home, platform } = road;
  const { namespace } = platform.settings;
  return {
    find: (filter) => findApplications(road, filter),
    create: (draft, request) => createApplication(road, draft, request),
    replace: (app, draft, request) => replaceApplication(road, app, draft, request),
    manifests: (app, revisions) => renderManifests(road, app, revisions),
    revisionMetadata: (app, revision, choice) => readRevisionMetadata(road, app, revision, choice),
    chartDetails: (app, revision, choice) => readChartDetails(road, app, revision, choice),
    ociMetadata: (app, revision, choice) => readOciMetadata(road, app, revision, choice),
    windows: (app) => showWindows(road, app),
    config: async () => {
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' };
      return configData(await home.get(ref, { resourceVersion: '0' }));
    },
  };
}
