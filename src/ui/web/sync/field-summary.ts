// The fields that change, in so few words that they fit into a row: `spec.replicas 2 → 3`. Pure.

export interface Change {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface FieldSummary {
  readonly path: string;
  /** Left out where there is none, or it is no single value. */
  readonly before?: string;
  readonly after?: string;
}

const LONGEST = 48;

/** A JSON pointer as people write it: `spec.template.spec.containers[0].image`. */
export function fieldPath(pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps
    .map((step, index) =>
      /^\d+$/.test(step)
        ? `[${step}]`
        : step.includes('.') || step.includes('/')
          ? `["${step}"]`
          : index === 0
            ? step
            : `.${step}`,
    )
    .join('');
}

export function summarizeFields(changes: readonly Change[], most: number): readonly FieldSummary[] {
  return changes.slice(0, most).map(({ path, before, after }) => {
    const [old, next] = [shortValue(before), shortValue(after)];
    return {
      path: fieldPath(path),
      ...(old !== undefined && { before: old }),
      ...(next !== undefined && { after: next }),
    };
  });
}

function shortValue(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // What is masked says nothing but that it is another one.
  if (typeof value !== 'string' || value.includes('\n') || /^\+{8,}$/.test(value)) return undefined;
  return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value === '' ? '""' : value;
}
