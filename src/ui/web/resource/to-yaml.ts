// A live object as people read it: YAML, on request without what only the API server needs.

export interface Shown {
  readonly hasManagedFields: boolean;
}

/** Of JSON. The writer of YAML is loaded when it is needed first. */
export async function toYaml(json: string, { hasManagedFields }: Shown): Promise<string> {
  const object: unknown = JSON.parse(json);
  const { stringify } = await import('yaml');
  return stringify(hasManagedFields ? object : withoutManagedFields(object), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

export function withoutManagedFields(object: unknown): unknown {
  if (!isFields(object) || !isFields(object.metadata)) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
