// The demo's repository: a chart for two environments without values.yaml, and the same web server as a Kustomize base with two overlays.

/** Paths and contents of the first commit. */
export const DEMO_FILES: Readonly<Record<string, string>> = {
  'README.md': `# ops-deploy

What runs in the demo cluster. \`nginx-chart\` is a Helm chart with values for dev and prd; \`app\` is a Kustomize base with two overlays.
Push a change, and the cluster follows.
`,
  'nginx-chart/Chart.yaml': `apiVersion: v2
name: nginx-chart
description: A web server that says where it runs
type: application
version: 1.0.0
appVersion: "1.26.1"
`,
  'nginx-chart/VERSION': '1.0.0\n',
  'nginx-chart/templates/configmap.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-html
data:
  index.html: |
{{ .Values.indexHtml | indent 4 }}
`,
  'nginx-chart/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    app: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
        - name: nginx
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - containerPort: 80
          volumeMounts:
            - name: html
              mountPath: /usr/share/nginx/html
      volumes:
        - name: html
          configMap:
            name: {{ .Release.Name }}-html
`,
  'nginx-chart/templates/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  type: NodePort
  selector:
    app: {{ .Release.Name }}
  ports:
    - port: 80
      targetPort: 80
      nodePort: {{ .Values.service.nodePort }}
`,
  'nginx-chart/values-dev.yaml': valuesFor('DEV', 30000),
  'nginx-chart/values-prd.yaml': valuesFor('PRD', 30001),
  'app/base/kustomization.yaml': `resources:
  - deployment.yaml
  - service.yaml
`,
  'app/base/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: nginx
          image: nginx:1.26.1
          ports:
            - containerPort: 80
`,
  'app/base/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
`,
  'app/overlays/dev/kustomization.yaml': overlayFor('dev', 1),
  'app/overlays/prd/kustomization.yaml': overlayFor('prd', 2),
};

function valuesFor(name: string, nodePort: number): string {
  return `# Values of the ${name} environment.
replicaCount: 1

image:
  repository: nginx
  tag: "1.26.1"

service:
  nodePort: ${nodePort}

indexHtml: |
  <!doctype html>
  <html>
    <head><title>${name}</title></head>
    <body>
      <h1>Hello from ${name}</h1>
    </body>
  </html>
`;
}

function overlayFor(environment: string, replicas: number): string {
  return `resources:
  - ../../base
namePrefix: ${environment}-
commonLabels:
  environment: ${environment}
images:
  - name: nginx
    newTag: 1.26.1
replicas:
  - name: web
    count: ${replicas}
patches:
  - target:
      kind: Deployment
      name: web
    patch: |-
      - op: add
        path: /spec/template/spec/containers/0/env
        value:
          - name: ENVIRONMENT
            value: ${environment}
`;
}

export interface DemoApplication {
  readonly name: string;
  readonly path: string;
  readonly namespace: string;
  readonly valueFile?: string;
  readonly automated: boolean;
}

/** dev follows each push by itself; prd waits for SYNC. */
export const DEMO_APPLICATIONS: readonly DemoApplication[] = [
  { name: 'dev-nginx', path: 'nginx-chart', namespace: 'dev-nginx', valueFile: 'values-dev.yaml', automated: true },
  { name: 'prd-nginx', path: 'nginx-chart', namespace: 'prd-nginx', valueFile: 'values-prd.yaml', automated: false },
  { name: 'dev-web', path: 'app/overlays/dev', namespace: 'dev-web', automated: true },
  { name: 'prd-web', path: 'app/overlays/prd', namespace: 'prd-web', automated: false },
];
