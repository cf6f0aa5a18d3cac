// What people do with kubectl, and what it tells them. Nothing here needs a node, so that a control plane alone tells the same.

export interface Step {
  /** The arguments, between spaces; quotes keep them together. */
  readonly kubectl: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** All that it says, standard output first: `AGE` for an age, `IP` for an address of a Service, two spaces between columns. */
  readonly says: string | RegExp;
  /** 0 where nothing is said. */
  readonly code?: number;
}

export interface Session {
  readonly title: string;
  readonly steps: readonly Step[];
}

function configMap(data: Readonly<Record<string, string>>): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data });
}

function deployment(spec: object = {}): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.26' }] } },
      ...spec,
    },
  });
}

const DEFINITION = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.$NS.example.com' },
  spec: {
    group: '$NS.example.com',
    scope: 'Namespaced',
    names: { plural: 'lamps', kind: 'Lamp', shortNames: ['lp$NS'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        additionalPrinterColumns: [{ name: 'Watts', type: 'integer', jsonPath: '.spec.watts' }],
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['watts'],
                properties: { watts: { type: 'integer', minimum: 1 }, color: { type: 'string', default: 'warm' } },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
});
const LAMP = { apiVersion: '$NS.example.com/v1', kind: 'Lamp', metadata: { name: 'desk' } };

export const SESSIONS: readonly Session[] = [
  {
    title: 'apply makes, leaves and changes an object, and diff shows what it would do',
    steps: [
      { kubectl: 'apply -f -', input: configMap({ a: '1' }), says: 'configmap/settings created' },
      { kubectl: 'apply -f -', input: configMap({ a: '1' }), says: 'configmap/settings unchanged' },
      { kubectl: 'diff -f -', input: configMap({ a: '1' }), says: '' },
      { kubectl: 'diff -f -', input: configMap({ a: '2' }), says: /-\s+a: "1"\n\+\s+a: "2"/, code: 1 },
      {
        kubectl: 'apply -f - --dry-run=server',
        input: configMap({ b: '2' }),
        says: /configmap\/settings configured \(server dry run\)/,
      },
      { kubectl: 'apply -f -', input: configMap({ b: '2' }), says: 'configmap/settings configured' },
      { kubectl: 'get configmap settings -o jsonpath={.data}', says: '{"b":"2"}' },
      {
        kubectl: 'apply view-last-applied configmap/settings -o json',
        says: /"b": "2"/,
      },
    ],
  },
  {
    title: 'apply refuses what the schema does not know, and says where',
    steps: [
      {
        kubectl: 'apply -f -',
        input: deployment({ replica: 1 }),
        says: 'Error from server (BadRequest): error when creating "STDIN": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
        code: 1,
      },
      {
        kubectl: 'apply -f - --validate=warn',
        input: deployment({ replica: 1 }),
        says: 'deployment.apps/web created\nWarning: unknown field "spec.replica"',
      },
      {
        kubectl: 'apply -f -',
        input: deployment({ replicas: -1 }),
        says: /The Deployment "web" is invalid: spec\.replicas: Invalid value: -1: must be greater than or equal to 0/,
        code: 1,
      },
      {
        kubectl: 'apply -f -',
        input: deployment({ selector: { matchLabels: { app: 'other' } } }),
        says: /`selector` does not match template `labels`/,
        code: 1,
      },
    ],
  },
  {
    title: 'server-side apply has owners, conflicts and force',
    steps: [
      {
        kubectl: 'apply --server-side --field-manager=one -f -',
        input: configMap({ a: '1' }),
        says: 'configmap/settings serverside-applied',
      },
      {
        kubectl: 'apply --server-side --field-manager=two -f -',
        input: configMap({ a: '2' }),
        says: /Apply failed with 1 conflict: conflict with "one": \.data\.a/,
        code: 1,
      },
      {
        kubectl: 'apply --server-side --field-manager=two --force-conflicts -f -',
        input: configMap({ a: '2' }),
        says: 'configmap/settings serverside-applied',
      },
      {
        kubectl: 'apply --server-side --field-manager=one -f -',
        input: configMap({ b: '1' }),
        says: 'configmap/settings serverside-applied',
      },
      { kubectl: 'get configmap settings -o jsonpath={.data}', says: '{"a":"2","b":"1"}' },
      {
        kubectl: 'apply --server-side --field-manager=two -f -',
        input: configMap({}),
        says: 'configmap/settings serverside-applied',
      },
      { kubectl: 'get configmap settings -o jsonpath={.data}', says: '{"b":"1"}' },
      {
        kubectl: 'get configmap settings -o jsonpath={.metadata.managedFields[*].manager} --show-managed-fields',
        says: /one/,
      },
    ],
  },
  {
    title: 'apply moves from the client to the server',
    steps: [
      { kubectl: 'apply -f -', input: configMap({ a: '1', b: '1' }), says: 'configmap/settings created' },
      {
        kubectl: 'apply --server-side -f -',
        input: configMap({ a: '1' }),
        says: 'configmap/settings serverside-applied',
      },
      { kubectl: 'get configmap settings -o jsonpath={.data}', says: '{"a":"1"}' },
    ],
  },
  {
    title: 'apply prunes what is no longer said',
    steps: [
      {
        kubectl: 'apply -f - --prune -l set=one --prune-allowlist=core/v1/ConfigMap',
        input: ['a', 'b']
          .map((name) =>
            JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { set: 'one' } } }),
          )
          .join('\n'),
        says: /configmap\/a created\nconfigmap\/b created/,
      },
      {
        kubectl: 'apply -f - --prune -l set=one --prune-allowlist=core/v1/ConfigMap',
        input: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: { set: 'one' } } }),
        says: /configmap\/a unchanged\nconfigmap\/b pruned/,
      },
    ],
  },
  {
    title: 'every kind of patch',
    steps: [
      { kubectl: 'create configmap settings --from-literal=a=1', says: 'configmap/settings created' },
      { kubectl: `patch configmap settings -p '{"data":{"b":"2"}}'`, says: 'configmap/settings patched' },
      { kubectl: `patch configmap settings --type=merge -p '{"data":{"a":null}}'`, says: 'configmap/settings patched' },
      {
        kubectl: `patch configmap settings --type=json -p '[{"op":"add","path":"/data/c","value":"3"}]'`,
        says: 'configmap/settings patched',
      },
      {
        kubectl: `patch configmap settings --type=json -p '[{"op":"add","path":"/data/c","value":"3"}]'`,
        says: 'configmap/settings patched (no change)',
      },
      {
        kubectl: `patch configmap settings --type=json -p '[{"op":"test","path":"/data/c","value":"4"}]'`,
        says: 'The request is invalid: the server rejected our request due to an error in our request',
        code: 1,
      },
      {
        kubectl: `patch configmap settings -p '{"data":3}'`,
        says: /unrecognized type: int64|restore map from int64|cannot unmarshal number/,
        code: 1,
      },
      { kubectl: 'get configmap settings -o jsonpath={.data}', says: '{"b":"2","c":"3"}' },
      { kubectl: 'create -f -', input: deployment(), says: 'deployment.apps/web created' },
      {
        kubectl: `patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"side:1"}]}}}}'`,
        says: 'deployment.apps/web patched',
      },
      { kubectl: 'get deployment web -o jsonpath={.spec.template.spec.containers[*].name}', says: 'side web' },
      {
        kubectl: `patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"side","$patch":"delete"}]}}}}'`,
        says: 'deployment.apps/web patched',
      },
      {
        kubectl: `patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'`,
        says: /^(scale\.autoscaling|deployment\.apps)\/web patched$/,
      },
      {
        kubectl: 'get deployment web -o jsonpath={.spec.replicas}/{.spec.template.spec.containers[*].name}',
        says: '2/web',
      },
    ],
  },
  {
    title: 'labels and annotations',
    steps: [
      { kubectl: 'create configmap settings', says: 'configmap/settings created' },
      { kubectl: 'label configmap settings tier=front', says: 'configmap/settings labeled' },
      {
        kubectl: 'label configmap settings tier=back',
        says: "error: 'tier' already has a value (front), and --overwrite is false",
        code: 1,
      },
      { kubectl: 'label configmap settings tier=back --overwrite', says: 'configmap/settings labeled' },
      { kubectl: 'get configmap -l tier=back -o name', says: 'configmap/settings' },
      { kubectl: 'get configmap -l tier=front -o name', says: '' },
      {
        kubectl: 'get configmap settings --show-labels',
        says: 'NAME  DATA  AGE  LABELS\nsettings  0  AGE  tier=back',
      },
      { kubectl: 'get configmap settings -L tier', says: 'NAME  DATA  AGE  TIER\nsettings  0  AGE  back' },
      { kubectl: 'label configmap settings tier-', says: 'configmap/settings unlabeled' },
      { kubectl: 'annotate configmap settings note=hello', says: 'configmap/settings annotated' },
      { kubectl: 'get configmap settings -o jsonpath={.metadata.annotations.note}', says: 'hello' },
      { kubectl: "label configmap settings 'tier=a b'", says: /invalid label value: "tier=a b"/, code: 1 },
    ],
  },
  {
    title: 'edit with an editor',
    steps: [
      { kubectl: 'create configmap settings --from-literal=a=before', says: 'configmap/settings created' },
      {
        kubectl: 'edit configmap settings',
        env: { KUBE_EDITOR: 'sed -i s/before/after/' },
        says: 'configmap/settings edited',
      },
      { kubectl: 'get configmap settings -o jsonpath={.data.a}', says: 'after' },
      { kubectl: 'edit configmap settings', env: { KUBE_EDITOR: 'true' }, says: 'Edit cancelled, no changes made.' },
    ],
  },
  {
    title: 'replace, and replace by force',
    steps: [
      { kubectl: 'replace -f -', input: configMap({ a: '1' }), says: /configmaps "settings" not found/, code: 1 },
      { kubectl: 'create -f -', input: configMap({ a: '1' }), says: 'configmap/settings created' },
      { kubectl: 'create -f -', input: configMap({ a: '1' }), says: /configmaps "settings" already exists/, code: 1 },
      { kubectl: 'replace -f -', input: configMap({ b: '2' }), says: 'configmap/settings replaced' },
      {
        kubectl: 'replace --force -f -',
        input: configMap({ c: '3' }),
        says: /configmap "settings" deleted.*\nconfigmap\/settings replaced/,
      },
      { kubectl: 'get configmap settings -o jsonpath={.data}', says: '{"c":"3"}' },
    ],
  },
  {
    title: 'tables',
    steps: [
      { kubectl: 'create deployment web --image=nginx:1.26 --replicas=0', says: 'deployment.apps/web created' },
      { kubectl: 'create service clusterip web --tcp=80:8080', says: 'service/web created' },
      { kubectl: 'create secret generic key --from-literal=a=1', says: 'secret/key created' },
      { kubectl: 'create ingress web --rule=web.example.com/*=web:80', says: 'ingress.networking.k8s.io/web created' },
      {
        kubectl: 'create role reader --verb=get --resource=pods',
        says: 'role.rbac.authorization.k8s.io/reader created',
      },
      {
        kubectl: 'create rolebinding reader --role=reader --serviceaccount=$NS:default',
        says: 'rolebinding.rbac.authorization.k8s.io/reader created',
      },
      {
        kubectl: 'create poddisruptionbudget web --selector=app=web --min-available=50%',
        says: 'poddisruptionbudget.policy/web created',
      },
      { kubectl: "create cronjob night --image=busybox '--schedule=0 3 * * *'", says: 'cronjob.batch/night created' },
      {
        kubectl: 'autoscale deployment web --min=2 --max=5 --cpu-percent=80',
        says: /horizontalpodautoscaler.autoscaling\/web autoscaled/,
      },
      {
        kubectl: 'get deployment,service,secret',
        says: [
          'NAME  READY  UP-TO-DATE  AVAILABLE  AGE',
          'deployment.apps/web  0/0  0  0  AGE',
          '',
          'NAME  TYPE  CLUSTER-IP  EXTERNAL-IP  PORT(S)  AGE',
          'service/web  ClusterIP  IP  <none>  80/TCP  AGE',
          '',
          'NAME  TYPE  DATA  AGE',
          'secret/key  Opaque  1  AGE',
        ].join('\n'),
      },
      {
        kubectl: 'get deployment web -o wide',
        says: 'NAME  READY  UP-TO-DATE  AVAILABLE  AGE  CONTAINERS  IMAGES  SELECTOR\nweb  0/0  0  0  AGE  nginx  nginx:1.26  app=web',
      },
      {
        kubectl: 'get ingress,role,rolebinding,cronjob',
        says: [
          'NAME  CLASS  HOSTS  ADDRESS  PORTS  AGE',
          'ingress.networking.k8s.io/web  <none>  web.example.com  80  AGE',
          '',
          'NAME  CREATED AT',
          'role.rbac.authorization.k8s.io/reader  TIME',
          '',
          'NAME  ROLE  AGE',
          'rolebinding.rbac.authorization.k8s.io/reader  Role/reader  AGE',
          '',
          'NAME  SCHEDULE  TIMEZONE  SUSPEND  ACTIVE  LAST SCHEDULE  AGE',
          'cronjob.batch/night  0 3 * * *  <none>  False  0  <none>  AGE',
        ].join('\n'),
      },
      {
        kubectl: 'get secret,configmap --sort-by=.metadata.name -o custom-columns=KIND:.kind,NAME:.metadata.name',
        says: 'KIND  NAME\nSecret  key\nConfigMap  kube-root-ca.crt',
      },
      { kubectl: 'get configmap nope', says: 'Error from server (NotFound): configmaps "nope" not found', code: 1 },
      { kubectl: 'get nopes', says: `error: the server doesn't have a resource type "nopes"`, code: 1 },
      { kubectl: 'get event', says: /(No resources found|LAST SEEN)/ },
      { kubectl: 'get secret --field-selector metadata.name=key -o name', says: 'secret/key' },
      { kubectl: 'get secret --field-selector type=kubernetes.io/tls -o name', says: '' },
      { kubectl: 'get secret --chunk-size=1 -o name', says: 'secret/key' },
      { kubectl: 'get namespace $NS -o jsonpath={.status.phase}', says: 'Active' },
      { kubectl: 'describe service web', says: /Name:\s+web\nNamespace:\s+\$NS\n[\s\S]*TargetPort:\s+8080\/TCP/ },
      { kubectl: 'describe deployment web', says: /Replicas:\s+0 desired \| 0 updated \| 0 total \| 0 available/ },
    ],
  },
  {
    title: 'namespaces',
    steps: [
      { kubectl: 'create namespace $NS-more', says: 'namespace/$NS-more created' },
      {
        kubectl: 'create namespace $NS-more',
        says: 'Error from server (AlreadyExists): namespaces "$NS-more" already exists',
        code: 1,
      },
      {
        kubectl: 'create namespace Bad_Name',
        says: /The Namespace "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 label/,
        code: 1,
      },
      { kubectl: 'create configmap a -n $NS-more', says: 'configmap/a created' },
      { kubectl: 'delete namespace $NS-more', says: /^namespace "\$NS-more" deleted/ },
      { kubectl: 'get configmap a -n $NS-more', says: /NotFound/, code: 1 },
      { kubectl: 'create configmap a -n $NS-more', says: /namespaces "\$NS-more" not found/, code: 1 },
    ],
  },
  {
    title: 'deleting with owners: orphan, background, foreground',
    steps: ['orphan', 'background', 'foreground'].flatMap((cascade): Step[] => [
      {
        kubectl: `create deployment ${cascade} --image=nginx:1.26 --replicas=0`,
        says: `deployment.apps/${cascade} created`,
      },
      { kubectl: `wait --for=create replicaset -l app=${cascade} --timeout=20s`, says: /condition met/ },
      { kubectl: `delete deployment ${cascade} --cascade=${cascade}`, says: /deployment\.apps "\w+" deleted/ },
      ...(cascade === 'orphan'
        ? [
            {
              kubectl: `get replicaset -l app=${cascade} -o jsonpath={.items[*].metadata.ownerReferences}`,
              says: '',
            },
            { kubectl: `get replicaset -l app=${cascade} -o name`, says: /replicaset\.apps\/orphan-/ },
          ]
        : [
            {
              kubectl: `wait --for=delete replicaset -l app=${cascade} --timeout=20s`,
              says: /(condition met|^$|no matching resources found)/,
            },
            { kubectl: `get replicaset -l app=${cascade} -o name`, says: '' },
          ]),
    ]),
  },
  {
    title: 'definitions of kinds',
    steps: [
      {
        kubectl: 'apply -f -',
        input: DEFINITION,
        says: 'customresourcedefinition.apiextensions.k8s.io/lamps.$NS.example.com created',
      },
      {
        kubectl: 'wait --for=condition=Established crd/lamps.$NS.example.com --timeout=20s',
        says: 'customresourcedefinition.apiextensions.k8s.io/lamps.$NS.example.com condition met',
      },
      {
        kubectl: 'apply -f -',
        input: JSON.stringify({ ...LAMP, spec: { watts: 0 } }),
        says: /The Lamp "desk" is invalid: spec\.watts: Invalid value: 0: spec\.watts in body should be greater than or equal to 1/,
        code: 1,
      },
      {
        kubectl: 'apply -f -',
        input: JSON.stringify({ ...LAMP, spec: { watts: 5, wat: 1 } }),
        says: /strict decoding error: unknown field "spec\.wat"/,
        code: 1,
      },
      {
        kubectl: 'apply -f -',
        input: JSON.stringify({ ...LAMP, spec: { watts: 5 } }),
        says: 'lamp.$NS.example.com/desk created',
      },
      { kubectl: 'get lp$NS', says: 'NAME  WATTS\ndesk  5' },
      { kubectl: 'get lamps desk -o jsonpath={.spec}', says: '{"color":"warm","watts":5}' },
      {
        kubectl: `patch lamp desk --subresource=status --type=merge -p '{"status":{"on":true}}'`,
        says: 'lamp.$NS.example.com/desk patched',
      },
      {
        kubectl: 'wait --for=jsonpath={.status.on}=true lamp/desk --timeout=20s',
        says: 'lamp.$NS.example.com/desk condition met',
      },
      { kubectl: 'get all', says: /NAME\s+WATTS\nlamp\.\$NS\.example\.com\/desk/ },
      { kubectl: 'explain lamp.spec.watts', says: /FIELD: watts <integer>/ },
      {
        kubectl: 'delete crd lamps.$NS.example.com',
        says: /^customresourcedefinition\.apiextensions\.k8s\.io "lamps\.\$NS\.example\.com" deleted/,
      },
      {
        kubectl: 'get lamps',
        says: /(doesn't have a resource type "lamps"|could not find the requested resource)/,
        code: 1,
      },
    ],
  },
  {
    title: 'kinds and rights',
    steps: [
      {
        kubectl: 'api-resources --api-group=apps --no-headers -o name',
        says: 'controllerrevisions.apps\ndaemonsets.apps\ndeployments.apps\nreplicasets.apps\nstatefulsets.apps',
      },
      { kubectl: 'api-versions', says: /(^|\n)apps\/v1\n/ },
      { kubectl: 'auth can-i create deployments', says: 'yes' },
      { kubectl: 'get --raw /readyz', says: 'ok' },
      {
        kubectl: 'get --raw /nope',
        says: 'Error from server (NotFound): the server could not find the requested resource',
        code: 1,
      },
      { kubectl: 'explain deployment.spec.replicas', says: /FIELD: replicas <integer>/ },
    ],
  },
  {
    title: 'a Service keeps what it was given',
    steps: [
      { kubectl: 'create service nodeport web --tcp=80', says: 'service/web created' },
      {
        kubectl: `patch service web --type=merge -p '{"spec":{"clusterIP":"10.96.0.77"}}'`,
        says: /spec\.clusterIPs\[0\]: Invalid value: \["IP"\]: may not change once set/,
        code: 1,
      },
      { kubectl: `patch service web -p '{"spec":{"type":"ClusterIP"}}'`, says: 'service/web patched' },
      { kubectl: 'get service web -o jsonpath={.spec.ports[0].nodePort}', says: '' },
      {
        kubectl: 'create service nodeport other --tcp=80 --node-port=40000',
        says: /provided port is not in the valid range\. The range of valid ports is 30000-32767/,
        code: 1,
      },
    ],
  },
];
