// An installation of Argo CD as `argocd admin export` writes it, made up for tests: documents that end with a line of dashes, settings and Secrets
// first, metadata without what the API server adds (Argo CD: cmd/argocd/commands/admin/backup.go).

export interface ExportOptions {
  readonly repoURL: string;
  readonly path: string;
  readonly targetRevision?: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

export function argoExport({ repoURL, path, targetRevision = 'main' }: ExportOptions): string {
  return [
    `apiVersion: v1
data:
  application.instanceLabelKey: argocd.argoproj.io/instance
  url: https://argocd.example.com
kind: ConfigMap
metadata:
  labels:
    app.kubernetes.io/name: argocd-cm
    app.kubernetes.io/part-of: argocd
  name: argocd-cm
`,
    `apiVersion: v1
data:
  policy.default: role:readonly
kind: ConfigMap
metadata:
  labels:
    app.kubernetes.io/part-of: argocd
  name: argocd-rbac-cm
`,
    `apiVersion: v1
data:
  ssh_known_hosts: |
    git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleExa
kind: ConfigMap
metadata:
  name: argocd-ssh-known-hosts-cm
`,
    `apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-tls-certs-cm
`,
    `apiVersion: v1
data:
  admin.password: ${base64('$2a$10$abcdefghijklmnopqrstuuJZ4X8sM9p6b0Vq7m2y1mF0zGk5o4n3K')}
  admin.passwordMtime: ${base64('2026-01-01T00:00:00Z')}
  server.secretkey: ${base64('a key of thirty-two characters..')}
kind: Secret
metadata:
  labels:
    app.kubernetes.io/part-of: argocd
  name: argocd-secret
type: Opaque
`,
    `apiVersion: v1
data:
  password: ${base64('very-secret')}
  type: ${base64('git')}
  url: ${base64('https://private.example.com/team/repo.git')}
  username: ${base64('robot')}
kind: Secret
metadata:
  annotations:
    managed-by: argocd.argoproj.io
  labels:
    argocd.argoproj.io/secret-type: repository
  name: repo-3180119340
type: Opaque
`,
    `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: default
spec:
  clusterResourceWhitelist:
  - group: '*'
    kind: '*'
  destinations:
  - namespace: '*'
    server: '*'
  sourceRepos:
  - '*'
`,
    `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  finalizers:
  - resources-finalizer.argocd.argoproj.io
  name: shop
spec:
  destinations:
  - namespace: shop-*
    server: https://kubernetes.default.svc
  sourceRepos:
  - ${repoURL}
`,
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  annotations:
    notifications.argoproj.io/subscribe.on-sync-failed.slack: ops
  finalizers:
  - resources-finalizer.argocd.argoproj.io
  labels:
    team: shop
  name: shop
operation:
  initiatedBy:
    username: admin
  sync:
    revision: 0123456789abcdef0123456789abcdef01234567
spec:
  destination:
    namespace: shop-dev
    server: https://kubernetes.default.svc
  project: shop
  source:
    path: ${path}
    repoURL: ${repoURL}
    targetRevision: ${targetRevision}
status:
  health:
    status: Healthy
  history:
  - deployStartedAt: "2026-01-02T03:04:05Z"
    deployedAt: "2026-01-02T03:04:06Z"
    id: 7
    revision: 0123456789abcdef0123456789abcdef01234567
    source:
      path: ${path}
      repoURL: ${repoURL}
      targetRevision: ${targetRevision}
  operationState:
    operation:
      sync:
        revision: 0123456789abcdef0123456789abcdef01234567
    phase: Running
    startedAt: "2026-01-02T03:04:05Z"
  reconciledAt: "2026-01-02T03:04:07Z"
  resources:
  - kind: ConfigMap
    name: settings
    namespace: shop-dev
    status: Synced
    version: v1
  sync:
    comparedTo:
      destination:
        namespace: shop-dev
        server: https://kubernetes.default.svc
      source:
        path: ${path}
        repoURL: ${repoURL}
        targetRevision: ${targetRevision}
    revision: 0123456789abcdef0123456789abcdef01234567
    status: Synced
`,
    `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: fleet
spec:
  generators:
  - list:
      elements: []
  template:
    metadata:
      name: '{{name}}'
    spec:
      destination: {}
      project: default
`,
  ]
    .map((document) => `${document}---\n`)
    .join('');
}
