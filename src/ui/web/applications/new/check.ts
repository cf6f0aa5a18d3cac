// What is wrong with a draft before it is sent, and at which field what the server says of it belongs.

import type { FormState } from './form-state.ts';

export type Field = 'name' | 'project' | 'repoURL' | 'revision' | 'path' | 'chart' | 'cluster' | 'namespace' | 'values';

export type Complaint =
  /** Something has to be there. */
  | 'required'
  /** Small letters, digits, - and . */
  | 'dnsName'
  /** Small letters, digits and - */
  | 'dnsLabel'
  | 'tooLong'
  | 'url'
  /** Only HTTP and HTTPS. */
  | 'ssh'
  | 'relative'
  | 'exists';

export type Complaints = Readonly<Partial<Record<Field, Complaint>>>;

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** `isTaken`: whether there is an Application of that name. */
export function checkForm(form: FormState, isTaken: (name: string) => boolean): Complaints {
  return Object.fromEntries(
    Object.entries({
      name: checkName(form.name, isTaken),
      project: form.project === '' ? 'required' : undefined,
      cluster: form.cluster === '' ? 'required' : undefined,
      namespace: checkNamespace(form),
      ...(!form.hasSeveralSources && {
        repoURL: checkRepo(form.repoURL),
        ...(form.kind === 'helm'
          ? {
              chart: form.chart === '' ? ('required' as const) : undefined,
              revision: form.revision === '' ? ('required' as const) : undefined,
            }
          : { path: checkPath(form.path) }),
      }),
    }).filter(([, complaint]) => complaint !== undefined),
  );
}

function checkName(name: string, isTaken: (name: string) => boolean): Complaint | undefined {
  if (name === '') return 'required';
  if (!SUBDOMAIN.test(name)) return 'dnsName';
  if (name.length > 253) return 'tooLong';
  return isTaken(name) ? 'exists' : undefined;
}

/** A cluster's own objects need none; a Namespace that is to be made has a name. */
function checkNamespace({ namespace, options }: FormState): Complaint | undefined {
  if (namespace === '') return options.includes('CreateNamespace=true') ? 'required' : undefined;
  if (!LABEL.test(namespace)) return 'dnsLabel';
  return namespace.length > 63 ? 'tooLong' : undefined;
}

function checkRepo(repoURL: string): Complaint | undefined {
  if (repoURL === '') return 'required';
  if (/^ssh:\/\/|^[\w.-]+@[\w.-]+:/.test(repoURL)) return 'ssh';
  return /^(https?|oci):\/\/[^/\s]+/.test(repoURL) || /^[\w.-]+(:\d+)?(\/[\w./-]+)?$/.test(repoURL) ? undefined : 'url';
}

function checkPath(path: string): Complaint | undefined {
  if (path === '') return 'required';
  return path.startsWith('/') || path.split('/').includes('..') ? 'relative' : undefined;
}

/** The first that fits counts. Words of src/operation/edit-application.ts, src/application/parse.ts and project.ts. */
const SIGNS: readonly (readonly [Field, RegExp])[] = [
  ['name', /existing application|metadata\.name|invalid name|already exists/i],
  ['repoURL', /application repo .* is not permitted|spec\.source\.repoURL .* SSH/i],
  ['namespace', /destination.*namespace.*not (permitted|managed)|namespace .* is not permitted/i],
  ['cluster', /there are no clusters|application destination|cluster .*(not|no )|destination (server|name)/i],
  ['project', /not allowed in project|project .* does not exist|permission denied: applications, create/i],
  ['chart', /\bchart\b.*(not found|no such|does not exist|has no)/i],
  ['values', /values? file|valueFiles|\.ya?ml.*(no such|not found|does not exist)|--values/i],
  [
    'revision',
    /targetRevision|unable to resolve|no (branch|tag|ref|revision|commit|version)|(revision|branch|tag|ref|commit|version)\b.*(not|no such|no )/i,
  ],
  ['repoURL', /repository not accessible|repoURL|credentials|authentication/i],
  ['path', /app path|path.*(not|no such)|Unable to generate manifests/i],
];

export function fieldOf(message: string): Field | undefined {
  return SIGNS.find(([, sign]) => sign.test(message))?.[0];
}

/** Several are told at once, one after the other. */
export function splitProblems(message: string): readonly string[] {
  return message
    .replace(/^application spec for \S+ is invalid: /, '')
    .split(/;(?=\w+(?:Error|Warning): )/)
    .map((part) => part.replace(/^InvalidSpecError: /, '').trim())
    .filter((part) => part !== '');
}
