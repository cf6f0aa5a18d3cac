// Kinds whose conditions say it all (Argo CD: resource_customizations/GROUP/KIND/health.lua; the texts are its own).

import { health } from '../check.ts';
import {
  absent,
  always,
  byCondition,
  conditions,
  type Family,
  first,
  get,
  isObserved,
  itsReason,
  judgeConditions,
  lastCondition,
  messageOr,
  present,
  readConditions,
  stale,
  waiting,
  when,
} from '../rules.ts';

const mariaDb = first(
  conditions(['*=False:Failed', 'Degraded'], ['*=False', 'Progressing']),
  lastCondition('Healthy'),
  present('status.conditions', 'Healthy'),
  waiting('No status info available'),
);

const mariaDbPart = first(
  conditions(['Ready=True', 'Healthy'], ['Ready', 'Degraded']),
  lastCondition('Progressing'),
  waiting('No status info available'),
);

const coralogix = first(
  conditions(['RemoteSynced=True', 'Healthy', 'Resource is ready'], ['RemoteSynced=False', 'Degraded']),
  waiting('Waiting for status to be updated'),
);

const strimzi = (name: string, notReady = 'NotReady=True') =>
  first(conditions([notReady, 'Degraded'], ['Ready=True', 'Healthy', '']), waiting(`Waiting for ${name}`));

const rabbit = (name: string) =>
  first(
    conditions(
      ['Ready=True:SuccessfulCreateOrUpdate', 'Healthy', `RabbitMQ ${name} ready`],
      ['Ready=False:FailedCreateOrUpdate', 'Degraded', `RabbitMQ ${name} failed to be created or updated`],
    ),
    always('Unknown', `RabbitMQ ${name} status is unknown`),
  );

const rollout = first(
  conditions(
    ['InvalidSpec', 'Degraded'],
    ['Progressing:RolloutAborted|ProgressDeadlineExceeded', 'Degraded'],
    ['Paused=True', 'Suspended', 'Rollout is paused'],
  ),
  when('status.phase', 'Progressing', 'Progressing', 'Waiting for rollout to finish steps'),
  always('Healthy'),
);

const judgeContour = judgeConditions(['Valid=True', 'Healthy'], ['Valid=False', 'Degraded']);

const reasonAndMessage = ({ reason, message }: { reason: string | undefined; message: string | undefined }) =>
  message ? `${reason}: ${message}` : reason;

const joined = ({ reason, message }: { reason: string | undefined; message: string | undefined }) =>
  `${reason ?? ''} ${message ?? ''}`;

export const BY_CONDITION: Family = {
  '_.services.k8s.aws/_': first(
    conditions(['ACK.Terminal=True', 'Degraded'], ['Ready=False', 'Progressing'], ['Ready=True', 'Healthy', '']),
    waiting('Waiting for resource to be ready'),
  ),
  'addons.cluster.x-k8s.io/ClusterResourceSet': first(
    conditions(
      ['ResourcesApplied=True', 'Healthy', 'cluster resource set is applied'],
      ['ResourcesApplied=False', 'Degraded'],
    ),
    waiting('Initializing cluster resource set'),
  ),
  'bitnami.com/SealedSecret': byCondition('Synced', 'Waiting for Sealed Secret to be decrypted'),
  'camel.apache.org/Integration': byCondition('Ready', 'Waiting for Integration'),
  'cert-manager.io/Certificate': first(
    conditions(['Issuing=True', 'Progressing']),
    byCondition('Ready', 'Waiting for certificate'),
  ),
  'cert-manager.io/ClusterIssuer': byCondition('Ready', 'Initializing ClusterIssuer'),
  'cert-manager.io/Issuer': byCondition('Ready', 'Initializing issuer'),
  'certmanager.k8s.io/Certificate': byCondition('Ready', 'Waiting for certificate'),
  'certmanager.k8s.io/Issuer': byCondition('Ready', 'Initializing issuer'),
  'coralogix.com/Alert': coralogix,
  'coralogix.com/RecordingRuleGroupSet': coralogix,
  'datadoghq.com/DatadogMetric': first(
    conditions([
      'Error=True',
      'Degraded',
      ({ reason, message = 'DatadogMetric reported an error' }) => (reason ? `${reason}: ${message}` : message),
    ]),
    conditions(['Valid=False', 'Degraded', messageOr('DatadogMetric is not valid')]),
    always('Healthy', 'DatadogMetric is healthy'),
  ),
  'db.atlasgo.io/AtlasMigration': first(
    conditions(
      ['Ready=True', 'Healthy', itsReason],
      ['Ready:Reconciling', 'Progressing', itsReason],
      ['Ready', 'Degraded', itsReason],
    ),
    waiting('Waiting for Atlas Operator'),
  ),
  'db.atlasgo.io/AtlasSchema': (object) => {
    const ready = readConditions(object).find(({ type }) => type === 'Ready');
    if (!ready) return health('Progressing', 'Waiting for Atlas Operator');
    const isAtWork = ready.message === 'Reconciling' || ready.message === 'GettingDevDB';
    return health(ready.status === 'True' ? 'Healthy' : isAtWork ? 'Progressing' : 'Degraded', ready.reason);
  },
  'external-secrets.io/ClusterExternalSecret': first(
    (object) =>
      judgeConditions(['Ready=True', 'Healthy'], ['PartiallyReady|NotReady=True', 'Degraded'])(
        readConditions(object).slice(-1),
        object,
      ),
    waiting('Waiting for ClusterExternalSecret'),
  ),
  'external-secrets.io/ClusterSecretStore': byCondition('Ready', 'Waiting for ClusterSecretStore'),
  'external-secrets.io/ExternalSecret': byCondition('Ready', 'Waiting for ExternalSecret'),
  'external-secrets.io/PushSecret': byCondition('Ready', 'Waiting for PushSecret'),
  'external-secrets.io/SecretStore': byCondition('Ready', 'Waiting for SecretStore'),
  'grafana-org-operator.kubitus-project.gitlab.io/_': first(
    conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy'], ['Ready', 'Progressing']),
    waiting('Waiting ...'),
  ),
  'k8s.mariadb.com/Backup': first(
    (object) => {
      const stopped = readConditions(object).find(({ status }) => status === 'False');
      const hasFailed = stopped?.reason === 'CronJobScheduled' && stopped.message === 'Failed';
      return stopped && health(hasFailed ? 'Degraded' : 'Progressing', joined(stopped));
    },
    lastCondition('Healthy', joined),
    present('status.conditions', 'Healthy'),
    waiting('No status info available'),
  ),
  'k8s.mariadb.com/Database': mariaDbPart,
  'k8s.mariadb.com/Grant': mariaDbPart,
  'k8s.mariadb.com/MariaDB': mariaDb,
  'k8s.mariadb.com/SqlJob': first(
    conditions(['*=True:JobComplete', 'Healthy', joined], ['*=True:JobFailed', 'Degraded', joined]),
    lastCondition('Progressing', joined),
    waiting('No status info available'),
  ),
  'k8s.mariadb.com/User': mariaDbPart,
  'mariadb.mmontes.io/MariaDB': mariaDb,
  'kafka.strimzi.io/Kafka': strimzi('Kafka Cluster', 'NotReady=True:!Creating'),
  'kafka.strimzi.io/KafkaBridge': strimzi('KafkaBridge'),
  'kafka.strimzi.io/KafkaConnect': strimzi('Kafka Connect'),
  'kafka.strimzi.io/KafkaConnector': strimzi('KafkaConnector'),
  'kafka.strimzi.io/KafkaTopic': strimzi('Kafka Topic'),
  'kafka.strimzi.io/KafkaUser': strimzi('Kafka User'),
  'karpenter.k8s.aws/EC2NodeClass': first(
    conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy', 'EC2NodeClass is ready']),
    waiting('Waiting for EC2NodeClass to be ready'),
  ),
  'karpenter.sh/NodeClaim': first(
    stale('Waiting for NodeClaim spec to be reconciled'),
    conditions(['Disrupting=True', 'Suspended']),
    conditions(['Ready=True', 'Healthy'], ['Ready=False', 'Degraded']),
    conditions(['Initialized=True', 'Progressing', 'Node initialized, waiting for Ready']),
    conditions(['Registered=True', 'Progressing', 'Node registered, waiting for initialization']),
    conditions(['Launched=True', 'Progressing', 'Node launched, waiting for registration']),
    waiting('Waiting for NodeClaim to be launched'),
  ),
  'karpenter.sh/NodePool': byCondition('Ready', 'Waiting for NodePool to be ready'),
  'kiali.io/Kiali': first(
    conditions(['Successful=True', 'Healthy'], ['Failure=True', 'Degraded'], ['Running:Running', 'Progressing']),
    waiting('Waiting for Kiali'),
  ),
  'kyverno.io/Policy': first(
    (object) =>
      judgeConditions(['Ready=True:Succeeded', 'Healthy', 'Policy is ready'])(
        readConditions(object).filter(({ message }) => message === 'Ready'),
        object,
      ),
    waiting('Waiting for Policy to be ready'),
  ),
  'monitoring.coreos.com/Prometheus': first((object) => {
    const available = readConditions(object).findLast(({ type }) => type === 'Available');
    if (!available) return undefined;
    if (available.status === 'True') return health('Healthy', 'All instances are available');
    const isStarting = available.reason === 'SomePodsNotReady';
    return health(isStarting ? 'Progressing' : 'Degraded', available.message ?? available.reason);
  }, waiting('Waiting for initialization')),
  'nmstate.io/NodeNetworkConfigurationPolicy': first(
    conditions(
      ['Available=True', 'Healthy', reasonAndMessage],
      ['Degraded=True', 'Degraded', reasonAndMessage],
      ['Progressing=True', 'Progressing', reasonAndMessage],
      ['Ignored=True', 'Suspended', reasonAndMessage],
    ),
    waiting('Waiting for policy to be applied'),
  ),
  'ocs.openshift.io/StorageCluster': first(
    (object) => {
      // Of several conditions of one type the last counts.
      const found = readConditions(object).toReversed();
      for (const [match, becomes] of [
        ['Degraded=True', 'Degraded'],
        ['Progressing=True', 'Progressing'],
        ['Available=True', 'Healthy'],
      ] as const) {
        const verdict = judgeConditions([match, becomes])(found, object);
        if (verdict) return verdict;
      }
      return undefined;
    },
    always('Unknown', 'StorageCluster is in an unknown state.'),
  ),
  'onepassword.com/OnePasswordItem': byCondition('Ready', 'Waiting for controller to report status'),
  'operator.openshift.io/IngressController': first(
    conditions(
      ['Degraded=True', 'Degraded'],
      ['DeploymentReplicasAllAvailable=False', 'Progressing'],
      ['Progressing=True', 'Progressing', itsReason],
      ['Available=True', 'Healthy', 'IngressController is available'],
    ),
    waiting('Status of IngressController is not known yet'),
  ),
  'policy.open-cluster-management.io/OperatorPolicy': first(
    absent('status.conditions', 'Progressing', 'Waiting for the status to be reported'),
    (object) =>
      isObserved(object)
        ? undefined
        : present('status.observedGeneration', 'Progressing', 'Waiting for the status to be updated')(object),
    conditions(['Compliant=True', 'Healthy'], ['Compliant', 'Degraded']),
    waiting('Waiting for the compliance condition'),
  ),
  'projectcontour.io/ExtensionService': first(
    (object) =>
      judgeContour(
        readConditions(object).filter(({ observedGeneration }) => observedGeneration === object.metadata.generation),
        object,
      ),
    waiting('Waiting for status'),
  ),
  'pulumi.com/Stack': first(
    (object) =>
      object.status && isObserved(object)
        ? undefined
        : health('Progressing', 'Waiting for the operator to observe the latest spec change'),
    conditions(['Stalled=True', 'Degraded'], ['Reconciling=True', 'Progressing'], ['Ready=True', 'Healthy']),
    waiting('Waiting for the stack to be reconciled'),
  ),
  'rabbitmq.com/Binding': rabbit('binding'),
  'rabbitmq.com/Exchange': rabbit('exchange'),
  'rabbitmq.com/Permission': rabbit('permission'),
  'rabbitmq.com/Policy': rabbit('policy'),
  'rabbitmq.com/Queue': rabbit('queue'),
  'rabbitmq.com/Shovel': rabbit('shovel'),
  'rabbitmq.com/User': rabbit('user'),
  'rabbitmq.com/Vhost': rabbit('vhost'),
  'rabbitmq.com/RabbitmqCluster': first(
    conditions(['ReconcileSuccess=False', 'Degraded']),
    (object) => {
      const found = readConditions(object);
      const cluster = found.findLast(({ type }) => type === 'ClusterAvailable')?.status;
      const replicas = found.findLast(({ type }) => type === 'AllReplicasReady')?.status;
      if (cluster === 'Unknown' || replicas === 'Unknown')
        return health('Progressing', 'Waiting for RabbitMQ cluster readiness (conditions unknown)');
      if (cluster === 'False') return health('Progressing', 'Waiting for RabbitMQ cluster formation');
      if (replicas === 'False') return health('Progressing', 'Waiting for RabbitMQ instances ready');
      return cluster === 'True' && replicas === 'True' ? health('Healthy', 'RabbitMQ cluster ready') : undefined;
    },
    waiting('Waiting for RabbitMQ Operator'),
  ),
  'spot.io/SpotDeployment': (object) => {
    // Without conditions Argo CD's check returns an empty answer: no opinion.
    const isTold = get(object, 'status.conditions') !== undefined;
    return isTold ? rollout(object) : undefined;
  },
};
