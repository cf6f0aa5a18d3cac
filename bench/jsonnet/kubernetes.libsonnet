// Builders of Kubernetes objects, in the manner of k8s-libsonnet: each step is an object to be added.
{
  local base(apiVersion, kind, name) = {
    apiVersion: apiVersion,
    kind: kind,
    metadata: { name: name },
  },

  labels(labels):: { metadata+: { labels+: labels } },
  annotations(annotations):: { metadata+: { annotations+: annotations } },
  namespaced(namespace):: { metadata+: { namespace: namespace } },

  container:: {
    new(name, image):: { name: name, image: image, args: [], env: [], ports: [], resources: {} },
    withArgs(args):: { args+: args },
    withEnv(env):: { env+: [{ name: k, value: std.toString(env[k]) } for k in std.objectFields(env)] },
    withPort(name, port):: { ports+: [{ name: name, containerPort: port }] },
    withResources(cpu, memory):: {
      resources+: {
        requests: { cpu: '%dm' % cpu, memory: '%dMi' % memory },
        limits: { cpu: '%dm' % (cpu * 2), memory: '%dMi' % (memory * 2) },
      },
    },
    withMounts(mounts):: { volumeMounts: [{ name: m, mountPath: mounts[m] } for m in std.objectFields(mounts)] },
  },

  deployment:: {
    new(name, replicas, containers, labels):: base('apps/v1', 'Deployment', name) + $.labels(labels) + {
      spec: {
        replicas: replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels: labels }, spec: { containers: containers } },
      },
    },
    withServiceAccount(name):: { spec+: { template+: { spec+: { serviceAccountName: name } } } },
    withVolumes(volumes):: { spec+: { template+: { spec+: { volumes+: volumes } } } },
    withAntiAffinity():: {
      local labels = super.spec.selector.matchLabels,
      spec+: { template+: { spec+: { affinity+: { podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{
          weight: 100,
          podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
        }],
      } } } } },
    },
  },

  service:: {
    new(name, selector, ports):: base('v1', 'Service', name) + {
      spec: {
        selector: selector,
        ports: [{ name: p.name, port: p.containerPort, targetPort: p.name } for p in ports],
      },
    },
    withoutAddress():: { spec+: { clusterIP: 'None' } },
  },

  configMap:: { new(name, data):: base('v1', 'ConfigMap', name) + { data: data } },
  serviceAccount:: { new(name):: base('v1', 'ServiceAccount', name) },

  rule(groups, resources, verbs):: { apiGroups: groups, resources: resources, verbs: verbs },
  clusterRole:: { new(name, rules):: base('rbac.authorization.k8s.io/v1', 'ClusterRole', name) + { rules: rules } },
  clusterRoleBinding:: {
    new(name, role, account, namespace):: base('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', name) + {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: namespace }],
    },
  },

  networkPolicy:: {
    new(name, selector, ports):: base('networking.k8s.io/v1', 'NetworkPolicy', name) + {
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ['Egress', 'Ingress'],
        egress: [{}],
        ingress: [{
          from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } }],
          ports: [{ port: p, protocol: 'TCP' } for p in ports],
        }],
      },
    },
  },

  list(objects):: { apiVersion: 'v1', kind: 'List', items: objects },
}
