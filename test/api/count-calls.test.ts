import { describe, expect, it } from 'vitest';
import { countCall } from '../../src/api/count-calls.ts';
import type { Method } from '../../src/api/route.ts';
import { createMetrics } from '../../src/base/metrics.ts';
import { METRIC_TABLE } from '../../src/operation/metric-table.ts';

const ONE = '/api/v1/applications/:name';

describe('a call of the API', () => {
  it.each<[Method, string, number, string, string, string]>([
    ['GET', '/api/v1/applications', 200, 'application.ApplicationService', 'List', 'OK'],
    ['GET', ONE, 404, 'application.ApplicationService', 'Get', 'NotFound'],
    ['POST', '/api/v1/applications', 400, 'application.ApplicationService', 'Create', 'InvalidArgument'],
    ['PUT', `${ONE}/spec`, 200, 'application.ApplicationService', 'UpdateSpec', 'OK'],
    ['POST', `${ONE}/sync`, 403, 'application.ApplicationService', 'Sync', 'PermissionDenied'],
    ['DELETE', `${ONE}/operation`, 200, 'application.ApplicationService', 'DeleteOperation', 'OK'],
    ['GET', `${ONE}/resource-tree`, 502, 'application.ApplicationService', 'ResourceTree', 'Unknown'],
    ['POST', '/api/v1/session', 401, 'session.SessionService', 'Create', 'Unauthenticated'],
    ['GET', '/api/version', 200, 'version.VersionService', 'Get', 'OK'],
    ['GET', '/api/v1/settings', 200, 'cluster.SettingsService', 'Get', 'OK'],
  ])('%s %s that is answered %s is counted as %s/%s, %s', (method, path, status, service, name, code) => {
    const metrics = createMetrics(METRIC_TABLE);
    countCall(metrics, { method, path }, status);
    const [family] = metrics.families();
    expect(family?.name).toBe('grpc_server_handled_total');
    expect(family?.samples).toEqual([
      { labels: { grpc_service: service, grpc_method: name, grpc_code: code }, value: 1 },
    ]);
  });

  it('that Argo CD does not have is not counted', () => {
    const metrics = createMetrics(METRIC_TABLE);
    countCall(metrics, { method: 'POST', path: '/api/refresh' }, 200);
    countCall(metrics, { method: 'GET', path: '/metrics' }, 200);
    countCall(undefined, { method: 'GET', path: '/api/v1/applications' }, 200);
    expect(metrics.families()).toEqual([]);
  });
});
