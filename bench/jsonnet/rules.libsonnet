// Alerts and recording rules, in the manner of a mixin: selectors are its configuration, and whoever takes it may change them.
{
  _config+:: {
    selector: 'job="kube-state-metrics"',
    nodeSelector: 'job="node-exporter"',
    kubeletSelector: 'job="kubelet", metrics_path="/metrics"',
    runbook: 'https://runbooks.example.com/%s',
    windows: ['5m', '30m', '1h', '2h', '6h', '1d', '3d'],
    apis: ['apiserver', 'scheduler', 'controller-manager', 'etcd'],
    resources: ['cpu', 'memory'],
    workloads: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'],
    burn: [
      { severity: 'critical', long: '1h', short: '5m', factor: 14.4, 'for': '2m' },
      { severity: 'critical', long: '6h', short: '30m', factor: 6, 'for': '15m' },
      { severity: 'warning', long: '1d', short: '2h', factor: 3, 'for': '1h' },
      { severity: 'warning', long: '3d', short: '6h', factor: 1, 'for': '3h' },
    ],
    target: 0.99,
  },

  local camel(text) = std.join('', [
    std.asciiUpper(std.substr(part, 0, 1)) + std.substr(part, 1, std.length(part))
    for part in std.split(text, '-')
  ]),

  local alert(name, expr, duration, severity, summary) = {
    alert: name,
    expr: expr,
    'for': duration,
    labels: { severity: severity },
    annotations: { summary: summary, runbook_url: $._config.runbook % std.asciiLower(name) },
  },

  prometheusRules+:: {
    groups+: [
      {
        name: '%s.rules' % api,
        rules: [
          {
            record: '%s:request_errors:rate%s' % [std.strReplace(api, '-', '_'), window],
            expr: |||
              sum by (cluster) (rate(apiserver_request_total{job="%(api)s", code=~"5.."}[%(window)s]))
              /
              sum by (cluster) (rate(apiserver_request_total{job="%(api)s"}[%(window)s]))
            ||| % { api: api, window: window },
            labels: { verb: verb },
          }
          for window in $._config.windows
          for verb in ['read', 'write']
        ],
      }
      for api in $._config.apis
    ] + [
      {
        local bytes = resource == 'memory',
        name: 'k8s.rules.container_%s' % resource,
        rules: [
          {
            record: 'namespace_workload_pod:kube_pod_container_resource_%s:%s' % [resource, kind],
            expr: 'sum by (namespace, workload, cluster) (kube_pod_container_resource_%s{resource="%s",%s}%s)' % [
              kind,
              resource,
              $._config.selector,
              if bytes then ' / 1024' else '',
            ],
            labels: { workload_type: std.asciiLower(workload) },
          }
          for kind in ['requests', 'limits', 'usage']
          for workload in $._config.workloads
        ],
      }
      for resource in $._config.resources
    ],
  },

  prometheusAlerts+:: {
    groups+: [
      {
        name: 'slo-%s' % api,
        rules: [
          alert(
            camel(api) + 'ErrorBudgetBurn',
            |||
              %(api)s:request_errors:rate%(long)s > (%(factor).2f * %(budget).5f)
              and
              %(api)s:request_errors:rate%(short)s > (%(factor).2f * %(budget).5f)
            ||| % (burn { api: std.strReplace(api, '-', '_'), budget: 1 - $._config.target }),
            burn['for'],
            burn.severity,
            'The %s burns too much of its error budget (%s and %s).' % [api, burn.long, burn.short],
          ) + { labels+: { long: burn.long, short: burn.short } }
          for burn in $._config.burn
        ],
      }
      for api in $._config.apis
    ] + [
      {
        name: 'kubernetes-workloads',
        rules: std.flattenArrays([
          [
            alert(
              'Kube%sReplicasMismatch' % workload,
              'kube_%(w)s_spec_replicas{%(s)s} != kube_%(w)s_status_replicas_available{%(s)s}' % {
                w: std.asciiLower(workload),
                s: $._config.selector,
              },
              '15m',
              'warning',
              '%s has not matched the expected number of replicas.' % workload,
            ),
            alert(
              'Kube%sGenerationMismatch' % workload,
              'kube_%(w)s_status_observed_generation{%(s)s} != kube_%(w)s_metadata_generation{%(s)s}' % {
                w: std.asciiLower(workload),
                s: $._config.selector,
              },
              '15m',
              if workload == 'DaemonSet' then 'critical' else 'warning',
              '%s generation mismatch due to possible roll-back.' % workload,
            ),
          ]
          for workload in $._config.workloads
        ]),
      },
      {
        name: 'node-exporter',
        rules: [
          alert(
            'NodeFilesystemAlmostOutOf%s' % what.name,
            'node_filesystem_%s{%s,fstype!=""} / node_filesystem_%s{%s,fstype!=""} * 100 < %d' % [
              what.free,
              $._config.nodeSelector,
              what.size,
              $._config.nodeSelector,
              level.threshold,
            ],
            '30m',
            level.severity,
            'Filesystem has less than %d%% %s left.' % [level.threshold, std.asciiLower(what.name)],
          )
          for what in [
            { name: 'Space', free: 'avail_bytes', size: 'size_bytes' },
            { name: 'Files', free: 'files_free', size: 'files' },
          ]
          for level in [{ threshold: 5, severity: 'warning' }, { threshold: 3, severity: 'critical' }]
        ],
      },
    ],
  },
}
