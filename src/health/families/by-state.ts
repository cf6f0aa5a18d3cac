// Kinds of which one field of the status (a phase, a state) says it all (Argo CD: resource_customizations/GROUP/KIND/health.lua).

import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  type Assess,
  absent,
  always,
  conditions,
  count,
  each,
  type Family,
  first,
  get,
  has,
  present,
  type State,
  show,
  stale,
  states,
  waiting,
  when,
} from '../rules.ts';

const itsValue = (value: string) => value;

const confluent = (name: string): Assess =>
  first(
    states('status.phase', {
      RUNNING: ['Healthy', `${name} running`],
      PROVISIONING: ['Progressing', `${name} provisioning`],
    }),
    waiting(`Waiting for ${name}`),
  );

const keptn = (kind: string, path = 'status.status'): Assess =>
  first(
    states(path, { Succeeded: ['Healthy', `${kind} is healthy`], Failed: ['Degraded', `${kind} is degraded`] }),
    waiting(`${kind} is progressing`),
  );

const clickHouse = (name: string): Assess =>
  first(
    states(
      'status.status',
      {
        Completed: ['Healthy', `${name} installation completed successfully`],
        InProgress: ['Progressing', `${name} installation in progress`],
      },
      ['Degraded', (value) => `${name} status: ${value}`],
    ),
    waiting(`${name} status not yet available`),
  );

const astra = first(
  states(
    'status.state',
    {
      Completed: ['Healthy', (_, { kind }) => `${kind} Completed`],
      Running: ['Progressing', (_, { kind }) => `${kind} Running`],
    },
    ['Degraded', itsValue],
  ),
  waiting('No status available'),
);

const astraAvailable: State = ['Healthy', (_, { kind }) => `${kind} Available`];
const astraFailed: State = ['Degraded', (_, { kind }) => `${kind} Failed`];

const humio = first(
  states('status.state', {
    Exists: ['Healthy', 'Component state: Exists.'],
    NotFound: ['Missing', 'Component state: NotFound.'],
    ConfigError: ['Degraded', 'Component state: ConfigError.'],
    Unknown: ['Unknown', 'Component state: Unknown.'],
  }),
  waiting('Update in progress'),
);

const statusMessageOr = (otherwise: string) => (_: string, object: KubeObject) =>
  show(object, 'status.message') ?? otherwise;

const towerJob = (value: string, object: KubeObject) =>
  `${value} job - ${show(object, 'status.ansibleJobResult.url') ?? ''}`;

const tridentMessage = (_: string, object: KubeObject) => show(object, 'status.message');

const volumeSnapshot: Assess = first(
  (object) => (has(object, 'status.readyToUse') ? health('Healthy', 'Ready to use') : undefined),
  (object) =>
    get(object, 'status.error') === undefined ? undefined : health('Degraded', show(object, 'status.error.message')),
  waiting('Waiting for status'),
);

const nodesReady = (object: KubeObject) =>
  `${show(object, 'status.ready') ?? ''}/${show(object, 'status.size') ?? ''} node(s) are ready`;

/** The statuses that CloudNativePG reports, as Argo CD weighs them. */
const CNPG_PHASES: Readonly<Record<string, State[0]>> = {
  'Cluster in healthy state': 'Healthy',
  'Setting up primary': 'Progressing',
  'Creating a new replica': 'Progressing',
  'Upgrading cluster': 'Progressing',
  'Waiting for the instances to become active': 'Progressing',
  'Promoting to primary cluster': 'Progressing',
  'Switchover in progress': 'Degraded',
  'Failing over': 'Degraded',
  'Upgrading Postgres major version': 'Degraded',
  'Cluster upgrade delayed': 'Degraded',
  'Waiting for user action': 'Degraded',
  'Primary instance is being restarted in-place': 'Degraded',
  'Primary instance is being restarted without a switchover': 'Degraded',
  'Cluster cannot execute instance online upgrade due to missing architecture binary': 'Degraded',
  'Online upgrade in progress': 'Degraded',
  'Applying configuration': 'Degraded',
  'Unable to create required cluster objects': 'Suspended',
  'Cluster cannot proceed to reconciliation due to an unknown plugin being required': 'Suspended',
  'Cluster has incomplete or invalid image catalog': 'Suspended',
  'Cluster is unrecoverable and needs manual intervention': 'Suspended',
};

const ISTIO = {
  absent: ['Unknown', 'Component is not present.'],
  updating: ['Progressing', 'Component is being updated to a different version.'],
  reconciling: ['Progressing', 'Controller has started but not yet completed reconciliation loop for the component.'],
  healthy: ['Healthy', 'Component is healthy.'],
  error: ['Degraded', 'Component is in an error state.'],
} as const satisfies Record<string, State>;

/** The operator writes its state as a number or as the number's name. */
const ISTIO_STATES: Readonly<Record<string, State>> = {
  0: ISTIO.absent,
  NONE: ISTIO.absent,
  1: ISTIO.updating,
  UPDATING: ISTIO.updating,
  2: ISTIO.reconciling,
  RECONCILING: ISTIO.reconciling,
  3: ISTIO.healthy,
  HEALTHY: ISTIO.healthy,
  4: ISTIO.error,
  ERROR: ISTIO.error,
};

const ELASTIC_UNKNOWN =
  'status is unknown. Ensure your ArgoCD is current and then check for/file a bug report: https://github.com/argoproj/argo-cd/issues';

export const BY_STATE: Family = {
  'acid.zalan.do/postgresql': first(
    states(
      'status.PostgresClusterStatus',
      { Running: ['Healthy', itsValue], Creating: ['Progressing', itsValue], Updating: ['Progressing', itsValue] },
      ['Degraded', itsValue],
    ),
    waiting('Waiting for postgres cluster status...'),
  ),
  'argoproj.io/AnalysisRun': first(
    states('status.phase', {
      Pending: ['Progressing', 'Analysis run is running'],
      Running: ['Progressing', 'Analysis run is running'],
      Successful: ['Healthy', statusMessageOr('Analysis run completed successfully')],
      Failed: ['Degraded', statusMessageOr('Analysis run failed')],
      Error: ['Degraded', statusMessageOr('Analysis run had an error')],
      Inconclusive: ['Unknown', statusMessageOr('Analysis run was inconclusive')],
    }),
    absent('status', 'Progressing', 'Waiting for analysis run to finish: status has not been reconciled.'),
  ),
  'argoproj.io/Experiment': first(
    states('status.phase', {
      Pending: ['Progressing', 'Experiment is pending'],
      Running: ['Progressing', 'Experiment is running'],
      Successful: ['Healthy', 'Experiment is successful'],
      Failed: ['Degraded', 'Experiment has failed'],
      Error: ['Degraded', 'Experiment had an error'],
    }),
    absent('status', 'Progressing', 'Waiting for experiment to finish: status has not been reconciled.'),
  ),
  'astra.netapp.io/AppVault': first(
    states('status.state', {
      available: astraAvailable,
      Available: astraAvailable,
      failed: astraFailed,
      Failed: astraFailed,
    }),
    waiting('No status available'),
  ),
  'astra.netapp.io/Application': first(
    conditions(
      [
        'Ready=True',
        'Healthy',
        (_, object) => `Astra Application Ready, protectionState: ${show(object, 'status.protectionState') ?? ''}`,
      ],
      ['Ready=False', 'Degraded', ({ message }) => `Astra Application Degraded, message: ${message ?? ''}`],
    ),
    waiting('No status available'),
  ),
  'astra.netapp.io/Backup': astra,
  'astra.netapp.io/ExecHooksRun': astra,
  'astra.netapp.io/ResourceBackup': astra,
  'astra.netapp.io/ResticVolumeBackup': astra,
  'astra.netapp.io/Snapshot': astra,
  'astra.netapp.io/ExecHook': first(
    (object) => (get(object, 'spec.enabled') === true ? health('Healthy', `${object.kind} enabled`) : undefined),
    (object) => (get(object, 'spec.enabled') === false ? health('Suspended', `${object.kind} disabled`) : undefined),
    waiting('No status available'),
  ),
  'astra.netapp.io/Schedule': (object) => {
    const last = show(object, 'status.lastScheduleTime');
    const message = last === undefined ? 'not yet executed' : `lastScheduleTime: ${last}`;
    return health('Healthy', `Protection policy ${message}`);
  },
  'beat.k8s.elastic.co/Beat': first(
    (object) => {
      if (show(object, 'status.health') !== 'yellow') return undefined;
      const available = show(object, 'status.availableNodes');
      const expected = show(object, 'status.expectedNodes');
      if (available === undefined || expected === undefined)
        return health('Progressing', 'Elastic Beat phase is progressing');
      const message = `Elastic Beat status is deploying, there is ${available} instance(s) on ${expected} expected`;
      return health('Progressing', message);
    },
    states(
      'status.health',
      { red: ['Degraded', 'Elastic Beat status is Red'], green: ['Healthy', 'Elastic Beat status is Green'] },
      ['Unknown', `Elastic Beat ${ELASTIC_UNKNOWN}`],
    ),
    present('status.expectedNodes', 'Progressing', 'Elastic Beat phase is progressing'),
    always('Unknown', `Elastic Beat ${ELASTIC_UNKNOWN}`),
  ),
  'ceph.rook.io/CephObjectStore': (object) => {
    const phase = show(object, 'status.phase');
    const endpoint = show(object, 'status.info.endpoint');
    const code = phase === 'Ready' ? 'Healthy' : phase === 'Failure' ? 'Degraded' : 'Progressing';
    const state = phase === undefined ? 'Waiting for status to be reported' : `Ceph object store phase is ${phase}`;
    return health(code, endpoint ? `${state} - endpoint: ${endpoint}` : state);
  },
  'cdi.kubevirt.io/DataVolume': first(
    states('status.phase', { Succeeded: ['Healthy', itsValue], Paused: ['Suspended', itsValue] }),
    conditions(['Running=False:Error', 'Degraded']),
    states('status.phase', { Failed: ['Degraded', itsValue], Unknown: ['Degraded', itsValue] }, [
      'Progressing',
      itsValue,
    ]),
    waiting('No status available'),
  ),
  'clickhouse-keeper.altinity.com/ClickHouseKeeperInstallation': clickHouse('ClickHouseKeeper'),
  'clickhouse.altinity.com/ClickHouseInstallation': clickHouse('ClickHouse'),
  'core.gardener.cloud/Shoot': (object) => {
    switch (object.metadata.labels?.['shoot.gardener.cloud/status']) {
      case 'healthy':
        return health('Healthy', 'Component state: Healthy');
      case 'progressing':
        return health('Progressing', 'Component state: Update in progress');
      case 'unhealthy':
        return health('Degraded', 'Component state: Unhealthy');
      case 'unknown':
        return health('Unknown', 'Component state: Unknown');
      default:
        return health('Progressing', 'Update in progress');
    }
  },
  'core.humio.com/HumioAction': humio,
  'core.humio.com/HumioAlert': humio,
  'core.humio.com/HumioIngestToken': humio,
  'core.humio.com/HumioParser': humio,
  'core.humio.com/HumioRepository': humio,
  'core.humio.com/HumioView': humio,
  'core.humio.com/HumioCluster': first(
    states('status.state', {
      Running: ['Healthy', statusMessageOr('Cluster is in a healthy running state')],
      Restarting: ['Progressing', statusMessageOr('Cluster pods are being restarted')],
      Upgrading: ['Progressing', statusMessageOr('Cluster pods are being upgraded')],
      ConfigError: [
        'Degraded',
        statusMessageOr('User-provided cluster specification resulted in a configuration error'),
      ],
      Pending: ['Progressing', statusMessageOr('Cluster is waiting on resources to be provisioned')],
      Unknown: ['Unknown', statusMessageOr('Component state: Unknown.')],
    }),
    waiting('Update in progress'),
  ),
  'elasticsearch.k8s.elastic.co/Elasticsearch': first(
    (object) => {
      const available = get(object, 'status.availableNodes');
      if (typeof available !== 'number') return undefined;
      const wanted = each(object, 'spec.nodeSets').reduce((sum, set) => sum + count(set, 'count'), 0);
      if (available < wanted) {
        const message = `The desired amount of availableNodes is ${wanted} but the current amount is ${available}`;
        return health('Progressing', message);
      }
      if (available !== wanted || get(object, 'status.health') === undefined) return undefined;
      return elasticsearchPhase(object);
    },
    always('Unknown', `Elasticsearch Cluster ${ELASTIC_UNKNOWN}`),
  ),
  'flink.apache.org/FlinkDeployment': first(
    (object) => {
      const reconciliation = get(object, 'status.reconciliationStatus');
      if (reconciliation === undefined) return health('Progressing', 'Waiting for Flink operator');
      return has(reconciliation, 'success') || get(reconciliation, 'state') === 'DEPLOYED'
        ? health('Healthy')
        : undefined;
    },
    states('status.jobManagerDeploymentStatus', {
      DEPLOYED_NOT_READY: ['Progressing', 'Waiting for deploying'],
      DEPLOYING: ['Progressing', 'Waiting for deploying'],
      ERROR: ['Degraded', (_, object) => show(object, 'status.reconciliationStatus.error')],
    }),
    waiting('Waiting for Flink operator'),
  ),
  'grafana.integreatly.org/Grafana': first(
    absent('status.stageStatus', 'Progressing', 'Waiting for Grafana status info'),
    (object) => {
      const stage = show(object, 'status.stage');
      const result = show(object, 'status.stageStatus');
      if (result === 'failed') return health('Degraded', `Failed at stage ${stage ?? ''}`);
      return stage === 'complete' && result === 'success' ? health('Healthy') : health('Progressing', stage);
    },
  ),
  'grafana.integreatly.org/GrafanaDatasource': first(
    absent('status', 'Progressing'),
    when('status.uid', '', 'Progressing'),
    (object) =>
      has(object, 'status.NoMatchingInstances')
        ? health('Degraded', "can't find matching grafana instance")
        : health('Healthy'),
  ),
  'iammanager.keikoproj.io/Iamrole': first(
    states('status.state', {
      Ready: ['Healthy', (_, object) => `Role ${iamRole(object, 'exists ')}`],
      Error: ['Degraded', iamFailure],
      RolesMaxLimitReached: ['Degraded', iamFailure],
      PolicyNotAllowed: ['Degraded', iamFailure],
      RoleNameNotAvailable: ['Degraded', iamFailure],
    }),
    waiting('Waiting for Iamrole to be reconciled'),
  ),
  'install.istio.io/IstioOperator': first(
    states('status.status', ISTIO_STATES),
    waiting('Waiting for Istio Control Plane'),
  ),
  'jaegertracing.io/Jaeger': first(
    states('status.phase', {
      Running: ['Healthy', 'Jaeger is Running'],
      Failed: ['Degraded', 'Jaeger Failed For Some Reason'],
    }),
    waiting('Waiting for Jaeger'),
  ),
  'kubernetes-client.io/ExternalSecret': first((object) => {
    const status = show(object, 'status.status');
    if (status === 'SUCCESS') return health('Healthy', 'Fetched ExternalSecret.');
    return status?.startsWith('ERROR') ? health('Degraded', status.replaceAll('ERROR, ', '')) : undefined;
  }, waiting('Waiting for ExternalSecret.')),
  'lifecycle.keptn.sh/KeptnAppVersion': keptn('KeptnAppVersion'),
  'lifecycle.keptn.sh/KeptnEvaluation': keptn('KeptnEvaluation', 'status.overallStatus'),
  'lifecycle.keptn.sh/KeptnTask': keptn('KeptnTask'),
  'lifecycle.keptn.sh/KeptnWorkloadInstance': keptn('KeptnWorkloadInstance'),
  'lifecycle.keptn.sh/KeptnWorkloadVersion': keptn('KeptnWorkloadVersion'),
  'logstash.k8s.elastic.co/Logstash': first(
    states('status.health', {
      green: ['Healthy', 'Logstash status is Green'],
      yellow: ['Progressing', 'Logstash status is Yellow'],
      red: ['Degraded', 'Logstash status is Red'],
    }),
    waiting('Waiting for Logstash'),
  ),
  'metrics.keptn.sh/Analysis': first(
    when('status.pass', true, 'Healthy', 'Analysis is healthy'),
    when('status.warning', true, 'Healthy', 'Analysis is healthy with warnings'),
    when('status.pass', false, 'Degraded', 'Analysis is degraded'),
    waiting('Analysis is progressing'),
  ),
  'metrics.keptn.sh/KeptnMetric': first(
    (object) => (show(object, 'status.errMsg') ? health('Degraded', 'KeptnMetric is degraded') : undefined),
    present('status.value', 'Healthy', 'KeptnMetric is healthy'),
    waiting('KeptnMetric is progressing'),
  ),
  'minio.min.io/Tenant': first(
    states(
      'status.currentState',
      {
        Initialized: ['Healthy', itsValue],
        'Statefulset not controlled by operator': ['Degraded', itsValue],
        'Another MinIO Tenant already exists in the namespace': ['Degraded', itsValue],
        'Tenant credentials are not set properly': ['Degraded', itsValue],
        'Different versions across MinIO Pools': ['Degraded', itsValue],
        'Pool Decommissioning Not Allowed': ['Degraded', itsValue],
      },
      ['Progressing', itsValue],
    ),
    waiting('No status info available'),
  ),
  'networking.gke.io/ManagedCertificate': first(
    (object) =>
      each(object, 'status.domainStatus').some(({ status }) => status === 'FailedNotVisible')
        ? health('Degraded', 'At least one certificate has failed to be provisioned')
        : undefined,
    when('status.certificateStatus', 'Active', 'Healthy', 'All certificates are active'),
    waiting('At least one certificate is still being provisioned'),
  ),
  'objectbucket.io/ObjectBucketClaim': first(
    states(
      'status.phase',
      {
        Bound: ['Healthy', (phase) => `Object bucket claim phase is ${phase}`],
        Failed: ['Degraded', (phase) => `Object bucket claim phase is ${phase}`],
      },
      ['Progressing', (phase) => `Object bucket claim phase is ${phase}`],
    ),
    present('status', 'Progressing', 'Waiting for phase to be reported'),
    waiting('Waiting for status to be reported'),
  ),
  'operator.victoriametrics.com/_': first(
    absent('status', 'Progressing', 'Waiting for the operator to reconcile'),
    stale('Waiting for the operator to reconcile'),
    states('status.updateStatus', {
      operational: ['Healthy', 'All components are operational'],
      expanding: ['Progressing', (_, object) => show(object, 'status.reason') || 'Reconciliation in progress'],
      paused: ['Suspended', (_, object) => show(object, 'status.reason') || 'Reconciliation is paused'],
      failed: ['Degraded', (_, object) => show(object, 'status.reason') || 'Reconciliation failed'],
    }),
    waiting('Waiting for the operator to report status'),
  ),
  'platform.confluent.io/Connect': confluent('Connect'),
  'platform.confluent.io/Connector': first((object) => {
    const state = show(object, 'status.state');
    if (state === undefined) return undefined;
    const failedTasks = get(object, 'status.failedTasksCount');
    if (state === 'CREATED' && get(object, 'status.connectorState') === 'RUNNING' && failedTasks === undefined)
      return health('Healthy', 'Connector running');
    if (state === 'ERROR') {
      const [condition] = each(object, 'status.conditions');
      return health('Degraded', condition ? show(condition, 'message') : 'No conditions available');
    }
    return typeof failedTasks === 'number' && failedTasks > 0
      ? health('Degraded', 'Connector has failed tasks')
      : undefined;
  }, waiting('Waiting for Kafka Connector')),
  'platform.confluent.io/ControlCenter': confluent('ControlCenter'),
  'platform.confluent.io/Kafka': confluent('Kafka'),
  'platform.confluent.io/KsqlDB': confluent('KsqlDB'),
  'platform.confluent.io/SchemaRegistry': confluent('SchemaRegistry'),
  'platform.confluent.io/Zookeeper': confluent('Zookeeper'),
  'postgresql.cnpg.io/Cluster': (object) => {
    if (object.metadata.annotations?.['cnpg.io/reconciliationLoop'] === 'disabled')
      return health('Suspended', 'Cluster reconciliation is suspended');
    const reason = show(object, 'status.phaseReason');
    if (get(object, 'status.conditions') === undefined) return health('Progressing', reason);
    const hibernation = conditions(['cnpg.io/hibernation=True', 'Suspended'], ['cnpg.io/hibernation', 'Degraded']);
    return hibernation(object) ?? health(CNPG_PHASES[show(object, 'status.phase') ?? ''] ?? 'Unknown', reason);
  },
  'psmdb.percona.com/PerconaServerMongoDB': first(
    absent('status', 'Unknown', 'Cluster status is unknown'),
    states('status.state', {
      initializing: ['Progressing', (_, object) => nodesReady(object)],
      ready: ['Healthy', (_, object) => nodesReady(object)],
      error: ['Degraded', (_, object) => nodesReady(object)],
      stopping: ['Progressing', (_, object) => nodesReady(object)],
      paused: ['Suspended', (_, object) => nodesReady(object)],
    }),
    (object) => health('Unknown', nodesReady(object)),
  ),
  'pxc.percona.com/PerconaXtraDBCluster': first(
    states('status.state', {
      initializing: ['Progressing', (_, object) => nodesReady(object)],
      ready: ['Healthy', (_, object) => nodesReady(object)],
      paused: ['Unknown', 'Cluster is paused'],
      stopping: ['Degraded', (_, object) => `Cluster is stopping (${nodesReady(object)})`],
      error: ['Degraded', (_, object) => `Cluster is on error: ${texts(get(object, 'status.message')).join(', ')}`],
    }),
    always('Unknown', `Cluster ${ELASTIC_UNKNOWN}`),
  ),
  'snapshot.storage.k8s.io/VolumeSnapshot': volumeSnapshot,
  'snapshot.storage.k8s.io/VolumeSnapshotContent': volumeSnapshot,
  'solr.apache.org/SolrCloud': first(
    absent('status.solrNodes', 'Progressing', 'Waiting for solr to exist'),
    (object) =>
      each(object, 'status.solrNodes').every((node) => has(node, 'ready'))
        ? health('Healthy', 'Solr is ready')
        : health('Progressing', 'Not all replicas are ready'),
  ),
  'tower.ansible.com/AnsibleJob': first(
    states('status.ansibleJobResult.status', {
      successful: ['Healthy', towerJob],
      failed: ['Degraded', towerJob],
      error: ['Degraded', towerJob],
      canceled: ['Degraded', towerJob],
      new: ['Progressing', towerJob],
      pending: ['Progressing', towerJob],
      waiting: ['Progressing', towerJob],
      running: ['Progressing', towerJob],
    }),
    waiting('Waiting for AnsibleJob'),
  ),
  'trident.netapp.io/TridentBackendConfig': first(
    (object) =>
      get(object, 'status.phase') === 'Bound' && get(object, 'status.lastOperationStatus') === 'Success'
        ? health('Healthy', show(object, 'status.message'))
        : undefined,
    states('status.lastOperationStatus', { Failed: ['Degraded', tridentMessage] }),
    waiting('Waiting for backend creation'),
  ),
  'trident.netapp.io/TridentOrchestrator': first(
    states('status.status', {
      Installed: ['Healthy', tridentMessage],
      Failed: ['Degraded', tridentMessage],
      Error: ['Degraded', tridentMessage],
    }),
    waiting('Waiting for trident installation'),
  ),
  'zookeeper.pravega.io/ZookeeperCluster': first((object) => {
    const ready = get(object, 'status.readyReplicas');
    return get(object, 'status') !== undefined && ready !== 0 && ready === get(object, 'status.replicas')
      ? health('Healthy', 'All ZK Nodes have joined the ensemble')
      : undefined;
  }, waiting('Waiting for ZK Nodes to join the ensemble')),
};

function elasticsearchPhase(object: KubeObject) {
  const elsewhere = 'Check the status of indices, replicas and shards';
  if (get(object, 'status.phase') === 'Ready') {
    return states('status.health', {
      green: ['Healthy', 'Elasticsearch Cluster status is Green'],
      yellow: ['Progressing', `Elasticsearch Cluster status is Yellow. ${elsewhere}`],
      red: ['Degraded', `Elasticsearch Cluster status is Red. ${elsewhere}`],
    })(object);
  }
  const message = (phase: string) => `Elasticsearch phase is ${phase}`;
  return states('status.phase', {
    ApplyingChanges: ['Progressing', message],
    MigratingData: ['Progressing', message],
    Invalid: ['Degraded', message],
  })(object);
}

function iamRole(object: KubeObject, verb: string): string {
  const [name, arn, id] = ['roleName', 'roleARN', 'roleID'].map((key) => show(object, `status.${key}`) ?? '<none>');
  return `'${name}' ${verb}with ARN '${arn}' and ID '${id}'.`;
}

function iamFailure(_: string, object: KubeObject): string {
  const retries = count(object, 'status.retryCount');
  const error = show(object, 'status.errorDescription');
  const retry = retries > 0 ? `(retry ${retries}) ` : '';
  const reason = error === undefined ? '' : ` Reconciliation error was: ${error}`;
  return `Failed to reconcile the Iamrole ${retry}for role ${iamRole(object, '')}${reason}`;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
