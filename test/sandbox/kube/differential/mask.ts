// Hides what differs between two servers that behave the same: ids, times, revisions, random names, what controllers add when they like.

import { at, isObject, stringAt } from '../../../../src/base/json.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;
/** An update of what cannot change is told as a diff of Go's internal types. */
const GO_DIFF = /\n@@[\s\S]*$/;
/** Kinds whose status controllers write at their own pace. */
const CONTROLLED = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'PodDisruptionBudget',
  'HorizontalPodAutoscaler',
  'ResourceQuota',
];
const CONTROLLERS = ['kube-controller-manager', 'kube-apiserver', 'kubelet', 'kube-scheduler'];

/** The answer with namespace, ids, times and addresses replaced, keys in order. */
export function mask(value: unknown, namespace: string): unknown {
  const sorted = sortCauses(value);
  if (sorted !== value) return mask(sorted, namespace);
  if (typeof value === 'string') return maskText(value, namespace);
  if (Array.isArray(value)) return value.map((item) => mask(item, namespace));
  if (!isObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const kept = maskMember(value, key, namespace);
    if (kept !== undefined) out[key] = kept;
  }
  return out;
}

/** Go's maps have no order, and so neither have the findings in them. */
function sortCauses(value: unknown): unknown {
  const causes = at(value, 'details', 'causes');
  const message = stringAt(value, 'message');
  if (!isObject(value) || !Array.isArray(causes) || causes.length < 2 || !message?.includes(' is invalid: ['))
    return value;
  const lineOf = (cause: unknown) => `${at(cause, 'field')}: ${String(at(cause, 'message')).replace(GO_DIFF, '')}`;
  const sorted = [...causes].sort((a, b) => (lineOf(a) < lineOf(b) ? -1 : 1));
  const details = isObject(value.details) ? value.details : {};
  return {
    ...value,
    message: `${message.slice(0, message.indexOf(' is invalid: ['))} is invalid: ${[...new Set(sorted.map(lineOf))].join(' | ')}`,
    details: { ...details, causes: sorted },
  };
}

function maskText(text: string, namespace: string): string {
  return (
    text
      .replaceAll(namespace, '$NS')
      .replace(UUID, '$UID')
      .replace(TIME, '$TIME')
      .replace(GO_DIFF, '')
      // Specs in messages are Go's internal types too.
      .replace(/Invalid value: \{(?!"match)[\s\S]*?\}: (?=field is|cannot set)/g, 'Invalid value: $SPEC: ')
      .replace(/(?<=record \()\d+(?=\))/g, '$REVISION')
      .replace(/(?<=\bBad_)[a-z0-9]{5}\b/g, '$RANDOM')
      .replace(/kube-api-access-\w{5}/g, 'kube-api-access-$RANDOM')
      .replace(/10\.96\.\d+\.\d+/g, '$IP')
      .replace(/"resourceVersion\\*":\\*"\d+\\*"/g, '"resourceVersion":"$REVISION"')
  );
}

function maskMember(parent: Record<string, unknown>, key: string, namespace: string): unknown {
  const value = parent[key];
  if (key === 'resourceVersion' && typeof value === 'string' && value !== '') return '$REVISION';
  // Descriptions of columns are documentation, and continue tokens are the server's own.
  if (key === 'rows' && Array.isArray(value) && parent.kind === 'Table') return maskRows(parent, value, namespace);
  if (key === 'columnDefinitions' && Array.isArray(value))
    return value.map((column) => mask({ ...column, description: '' }, namespace));
  if (key === 'continue' && typeof value === 'string' && value !== '') return '$CONTINUE';
  if (key === 'managedFields' && Array.isArray(value)) return maskManagedFields(value, namespace);
  if (key === 'status' && CONTROLLED.includes(String(parent.kind)) && isObject(value)) return '$STATUS';
  if (key === 'annotations' && isObject(value)) {
    const { 'deployment.kubernetes.io/revision': _, ...kept } = value;
    return Object.keys(kept).length > 0 ? mask(kept, namespace) : undefined;
  }
  if (key === 'finalizers' && Array.isArray(value)) {
    const kept = value.filter(
      (name) => name !== 'customresourcecleanup.apiextensions.k8s.io' && name !== 'kubernetes.io/pvc-protection',
    );
    return kept.length > 0 ? mask(kept, namespace) : undefined;
  }
  if (key === 'storageClassName' && value === 'standard') return undefined;
  // The lowest ports are given only to those who ask for them.
  if (key === 'nodePort' && typeof value === 'number' && value > 30085) return '$PORT';
  if (key === 'name' && typeof parent.generateName === 'string') return '$GENERATED';
  return mask(value, namespace);
}

/** Ages are what the clock says: `0s` and `1s` are one. */
function maskRows(table: Record<string, unknown>, rows: readonly unknown[], namespace: string): unknown {
  const columns = Array.isArray(table.columnDefinitions) ? table.columnDefinitions : [];
  const maskCell = (cell: unknown, index: number) =>
    stringAt(columns[index], 'name') === 'Age' && typeof cell === 'string' ? cell.replace(/^\d+s$/, '$AGE') : cell;
  return rows.map((row) => {
    const cells = at(row, 'cells');
    return mask(isObject(row) && Array.isArray(cells) ? { ...row, cells: cells.map(maskCell) } : row, namespace);
  });
}

/** Without what controllers own. */
function maskManagedFields(entries: readonly unknown[], namespace: string): unknown {
  const kept = entries.filter((entry) => !isObject(entry) || !CONTROLLERS.includes(String(entry.manager)));
  return kept.length > 0 ? mask(kept, namespace) : undefined;
}
