// Manifests of as many objects as a large application has, in some files.

const A_FILE = 50;
/** About a kilobyte, which is what most objects have. */
const TEXT = 'A rope that ties a ship to the quay. '.repeat(25);

/** ConfigMaps, and a Service for each tenth. */
export function bigChart(count: number): Readonly<Record<string, string>> {
  const objects = Array.from({ length: count }, (_, index) =>
    index % 10 === 0 ? service(`service-${index}`) : configMap(`settings-${index}`),
  );
  const files = Array.from({ length: Math.ceil(count / A_FILE) }, (_, index) => [
    `manifests/${index}.yaml`,
    objects.slice(index * A_FILE, (index + 1) * A_FILE).join('---\n'),
  ]);
  return Object.fromEntries(files);
}

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  text: "${TEXT}"\n`;
}

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - port: 80\n`;
}
