// A monitoring stack in the style of kube-prometheus: components from one configuration, rules and dashboards from mixins, and addons that
// change all of it afterwards.
local dashboards = import 'dashboards.libsonnet';
local k = import 'kubernetes.libsonnet';

local defaults = {
  local defaults = self,
  name: error 'must give a name',
  namespace: 'monitoring',
  version: error 'must give a version',
  image: error 'must give an image',
  replicas: 1,
  port: 8080,
  cpu: 100,
  memory: 128,
  args: [],
  env: {},
  rules: [],
  commonLabels:: {
    'app.kubernetes.io/name': defaults.name,
    'app.kubernetes.io/version': defaults.version,
    'app.kubernetes.io/component': 'exporter',
    'app.kubernetes.io/part-of': 'kube-prometheus',
  },
  selectorLabels:: {
    [label]: defaults.commonLabels[label]
    for label in std.objectFields(defaults.commonLabels)
    if label != 'app.kubernetes.io/version'
  },
};

local component(params) = {
  local c = self,
  _config:: defaults + params,
  local meta = k.labels(c._config.commonLabels) + k.namespaced(c._config.namespace),
  assert c._config.replicas > 0 : 'at least one replica',

  container::
    k.container.new(c._config.name, c._config.image + ':v' + c._config.version)
    + k.container.withArgs(c._config.args + ['--web.listen-address=:%d' % c._config.port])
    + k.container.withEnv(c._config.env)
    + k.container.withPort('http-metrics', c._config.port)
    + k.container.withResources(c._config.cpu, c._config.memory),

  serviceAccount: k.serviceAccount.new(c._config.name) + meta + { automountServiceAccountToken: false },
  clusterRole: k.clusterRole.new(c._config.name, c._config.rules) + k.labels(c._config.commonLabels),
  clusterRoleBinding: k.clusterRoleBinding.new(c._config.name, c._config.name, c._config.name, c._config.namespace),
  deployment:
    k.deployment.new(c._config.name, c._config.replicas, [c.container], c._config.selectorLabels)
    + meta
    + k.deployment.withServiceAccount(c._config.name)
    + k.deployment.withAntiAffinity(),
  service: k.service.new(c._config.name, c._config.selectorLabels, c.container.ports) + meta + k.service.withoutAddress(),
  networkPolicy: k.networkPolicy.new(c._config.name, c._config.selectorLabels, [c._config.port]) + meta,
  serviceMonitor: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: c._config.name } + meta.metadata,
    spec: {
      jobLabel: 'app.kubernetes.io/name',
      selector: { matchLabels: c._config.selectorLabels },
      endpoints: [
        {
          port: 'http-metrics',
          interval: '30s',
          relabelings: [
            { action: 'labeldrop', regex: '(%s)' % std.join('|', ['pod', 'service', 'endpoint', 'namespace']) },
            { action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'instance' },
          ],
        },
      ],
    },
  },
};

local stack = {
  _config+:: { namespace: 'monitoring', clusters: ['one', 'two', 'three'] },

  components+:: {
    [name]: component({ name: name, namespace: $._config.namespace } + $._components[name])
    for name in std.objectFields($._components)
  },

  _components+:: {
    'node-exporter': { version: '1.6.1', image: 'quay.io/prometheus/node-exporter', port: 9100, args: ['--path.sysfs=/host/sys'] },
    'kube-state-metrics': {
      version: '2.9.2',
      image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics',
      rules: [
        k.rule([group.name], group.resources, ['list', 'watch'])
        for group in [
          { name: '', resources: ['configmaps', 'secrets', 'nodes', 'pods', 'services', 'namespaces', 'endpoints'] },
          { name: 'apps', resources: ['statefulsets', 'daemonsets', 'deployments', 'replicasets'] },
          { name: 'batch', resources: ['cronjobs', 'jobs'] },
        ]
      ],
    },
    'blackbox-exporter': { version: '0.24.0', image: 'quay.io/prometheus/blackbox-exporter', port: 9115 },
    'prometheus-adapter': { version: '0.11.1', image: 'registry.k8s.io/prometheus-adapter/prometheus-adapter', replicas: 2, port: 6443 },
    alertmanager: { version: '0.26.0', image: 'quay.io/prometheus/alertmanager', replicas: 3, port: 9093 },
    grafana: { version: '9.5.3', image: 'docker.io/grafana/grafana', port: 3000, env: { GF_PATHS_DATA: '/var/lib/grafana', GF_LOG_LEVEL: 'warn' } },
    prometheus: { version: '2.46.0', image: 'quay.io/prometheus/prometheus', replicas: 2, port: 9090, cpu: 500, memory: 2048 },
  },

  mixin:: (import 'rules.libsonnet') + { _config+:: { target: 0.995 } },

  rules: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'kubernetes', namespace: $._config.namespace, labels: { role: 'alert-rules' } },
    spec: { groups: $.mixin.prometheusRules.groups + $.mixin.prometheusAlerts.groups },
  },

  dashboards: {
    local queries(resource, by) = [
      {
        expr: 'sum by (%s) (rate(container_%s_usage_total{cluster="%s"}[5m]))' % [by, resource, cluster],
        legend: '{{%s}} of %s' % [by, cluster],
      }
      for cluster in $._config.clusters
    ],
    [std.asciiLower(std.strReplace(title, ' ', '-')) + '.json']: dashboards.dashboard(
      title,
      [
        dashboards.panel('%s by %s' % [resource, by], queries(resource, by), if resource == 'memory' then 'bytes' else 'short', 12)
        for resource in ['cpu', 'memory', 'network_receive', 'fs_reads']
        for by in ['namespace', 'pod']
      ],
      ['cluster', 'namespace'],
    )
    for title in ['Compute Resources Cluster', 'Compute Resources Namespace', 'Networking', 'Persistent Volumes', 'Kubelet', 'Scheduler', 'API server']
  },

  dashboardConfigMaps: [
    k.configMap.new('grafana-dashboard-' + std.strReplace(name, '.json', ''), { [name]: std.manifestJsonEx($.dashboards[name], '  ') })
    + k.namespaced($._config.namespace)
    for name in std.objectFields($.dashboards)
  ],

  objects:: std.flattenArrays([
    [$.components[c][o] for o in std.objectFields($.components[c])]
    for c in std.objectFields($.components)
  ]) + $.dashboardConfigMaps + [$.rules],
};

local antiAffinityEverywhere = {
  components+:: { alertmanager+: { deployment+: { spec+: { template+: { spec+: { priorityClassName: 'high' } } } } } },
};

local teams = {
  local team(object) = object { metadata+: { labels+: { team: 'platform' }, annotations+: { 'example.com/hash': std.md5(std.manifestJsonMinified(object)) } } },
  objects:: std.map(team, super.objects),
};

local sorted(objects) = std.sort(objects, function(o) o.kind + '/' + o.metadata.name);

k.list(sorted((stack + antiAffinityEverywhere + teams).objects))
