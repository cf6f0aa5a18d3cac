// Many small objects as one YAML text.

/** `cm-0` to `cm-<count - 1>`, each with a few keys of its own. */
export function configMaps(count: number, prefix = 'cm'): string {
  return Array.from(
    { length: count },
    (_, index) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${prefix}-${index}
  labels:
    app.kubernetes.io/part-of: bench
data:
  index: "${index}"
  greeting: hello from ${index}
  settings.properties: |
    color=blue
    number=${index}
`,
  ).join('---\n');
}
