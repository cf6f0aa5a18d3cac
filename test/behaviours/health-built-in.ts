// What Argo CD says of Kubernetes' own kinds as a cluster without nodes leaves them.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const POD = 'metadata: {labels: {app: a}}, spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}';

const FILES = {
  'cronjob.yaml': `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\nspec: {schedule: "0 3 29 2 *", jobTemplate: {spec: {template: {${POD}}}}}\n`,
  'suspended.yaml': `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: stopped}\nspec: {schedule: "0 3 29 2 *", suspend: true, jobTemplate: {spec: {template: {${POD}}}}}\n`,
  'job.yaml': `apiVersion: batch/v1\nkind: Job\nmetadata: {name: paused}\nspec: {suspend: true, template: {${POD}}}\n`,
  'budget.yaml':
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: budget}\nspec: {minAvailable: 1, selector: {matchLabels: {app: none}}}\n',
  'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n',
  'balancer.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: lb}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n',
  'ingress.yaml':
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: edge}\nspec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n',
  'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n',
};

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  it('the health of each kind is that of its check, and the Application is as its worst object', async () => {
    const namespace = cluster.freshNamespace('kinds');
    const repository = await ground.createRepository('devops/kinds', FILES);
    await ground.createApplication({
      name: 'kinds',
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    await ground.request('POST', '/api/v1/applications/kinds/sync', {});
    const healths = async () => {
      const { status } = await ground.hawser.getApplication('kinds');
      return Object.fromEntries((status.resources ?? []).map(({ kind, name, health }) => [`${kind} ${name}`, health]));
    };
    await expect.poll(healths, { timeout: 20_000 }).toEqual({
      'ConfigMap settings': undefined,
      'CronJob nightly': { status: 'Healthy', message: 'CronJob has not been scheduled yet' },
      'CronJob stopped': { status: 'Healthy', message: 'CronJob is Suspended' },
      'Ingress edge': { status: 'Progressing' },
      'Job paused': { status: 'Suspended', message: 'Job suspended' },
      'PodDisruptionBudget budget': { status: 'Healthy', message: 'PodDisruptionBudget has InsufficientPods' },
      'Service lb': { status: 'Progressing' },
      'Service web': { status: 'Healthy' },
    });
    expect((await ground.hawser.getApplication('kinds')).status.health?.status).toBe('Progressing');

    const budget = await ground.get('policy/v1', 'PodDisruptionBudget', namespace, 'budget');
    expect(budget?.status).toEqual({
      conditions: [
        {
          lastTransitionTime: expect.any(String),
          message: '',
          observedGeneration: 1,
          reason: 'InsufficientPods',
          status: 'False',
          type: 'DisruptionAllowed',
        },
      ],
      currentHealthy: 0,
      desiredHealthy: 1,
      disruptionsAllowed: 0,
      expectedPods: 0,
      observedGeneration: 1,
    });
  });
};

export default behaviour;
