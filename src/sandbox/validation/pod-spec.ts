// The spec of a Pod, alone or in a template.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go (ValidatePodSpec). Long: it follows the fields in its order.

import { isObject } from '../../base/json.ts';
import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from '../../typed/field-error.ts';
import { ENV_FIELDS, validateFieldRef } from './field-ref.ts';
import { validateAnnotations, validateLabels } from './metadata.ts';
import {
  configKeyProblems,
  labelProblems,
  labelValueProblems,
  qualifiedNameProblems,
  subdomainProblems,
} from './names.ts';
import { validateNodeAffinity } from './node-affinity.ts';
import { descendingPath, objectName, validateVolumes } from './pod-volumes.ts';
import { validateSelector } from './selector.ts';
import {
  inRange,
  nonNegative,
  type Obj,
  objectOf,
  objectsOf,
  oneOf,
  portNameProblems,
  portNumber,
  portNumberOrName,
  problems,
  requiredLabel,
  validateResources,
} from './value.ts';

const MAX_INT32 = 2147483647;
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

function stringMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, text]) => [key, String(text)]));
}

/** Labels, annotations and spec of a template. */
export function validatePodTemplate(field: string, template: Obj): FieldError[] {
  const metadata = objectOf(template.metadata);
  const spec = objectOf(template.spec);
  return [
    ...validateLabels(stringMap(metadata.labels), `${field}.labels`),
    ...validateAnnotations(stringMap(metadata.annotations), `${field}.annotations`),
    ...validateProfiles(stringMap(metadata.annotations), spec, `${field}.annotations`),
    ...validatePodSpec(`${field}.spec`, spec),
    ...(objectsOf(spec.ephemeralContainers).length > 0
      ? [forbiddenField(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
      : []),
  ];
}

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

function validateProfiles(annotations: Record<string, string>, spec: Obj, field: string): FieldError[] {
  const containers = [...objectsOf(spec.initContainers), ...objectsOf(spec.containers)].map(({ name }) => name);
  return Object.entries(annotations).flatMap(([key, profile]) => {
    if (!key.startsWith(APPARMOR)) return [];
    const name = key.slice(APPARMOR.length);
    const isKnown = ['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith('localhost/');
    return [
      ...(containers.includes(name) ? [] : [invalidValue(`${field}[${key}]`, name, 'container not found')]),
      ...(isKnown
        ? []
        : [invalidValue(`${field}[${key}]`, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)]),
    ];
  });
}

export function validatePodSpec(field: string, spec: Obj): FieldError[] {
  const volumes = validateVolumes(`${field}.volumes`, objectsOf(spec.volumes));
  const containers = objectsOf(spec.containers);
  return [
    ...volumes.errors,
    ...validateContainers(`${field}.containers`, containers, volumes.names),
    ...validateInitContainers(`${field}.initContainers`, spec, volumes.names),
    ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never'], false),
    ...oneOf(
      `${field}.dnsPolicy`,
      spec.dnsPolicy,
      ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
      false,
    ),
    ...validateLabels(stringMap(spec.nodeSelector), `${field}.nodeSelector`),
    ...validatePodSecurity(`${field}.securityContext`, objectOf(spec.securityContext)),
    ...validateAffinity(`${field}.affinity`, objectOf(spec.affinity)),
    ...validateSpread(`${field}.topologySpreadConstraints`, objectsOf(spec.topologySpreadConstraints)),
    ...optional(`${field}.serviceAccountName`, spec.serviceAccountName, subdomainProblems),
    ...optional(`${field}.nodeName`, spec.nodeName, subdomainProblems),
    ...inRange(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, MAX_INT32),
    ...optional(`${field}.hostname`, spec.hostname, labelProblems),
    ...optional(`${field}.subdomain`, spec.subdomain, labelProblems),
    ...validateTolerations(`${field}.tolerations`, objectsOf(spec.tolerations)),
    ...validateHostAliases(`${field}.hostAliases`, objectsOf(spec.hostAliases)),
    ...optional(`${field}.priorityClassName`, spec.priorityClassName, subdomainProblems),
    ...optional(`${field}.runtimeClassName`, spec.runtimeClassName, subdomainProblems),
  ];
}

function optional(field: string, value: unknown, check: (text: string) => string[]): FieldError[] {
  return value ? problems(field, value, check(String(value))) : [];
}

function validateContainers(field: string, containers: readonly Obj[], volumes: ReadonlySet<string>): FieldError[] {
  if (containers.length === 0) return [required(field)];
  const names = new Set<unknown>();
  const errors: FieldError[] = [];
  for (const [index, container] of containers.entries()) {
    const here = `${field}[${index}]`;
    errors.push(...validateContainer(here, container, volumes));
    if (names.has(container.name)) errors.push(duplicate(`${here}.name`, container.name));
    names.add(container.name);
    errors.push(...validateLifecycle(`${here}.lifecycle`, objectOf(container.lifecycle)));
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'])
      errors.push(...validateProbe(`${here}.${probe}`, container[probe], probe !== 'readinessProbe'));
  }
  return [...errors, ...hostPortConflicts(field, containers)];
}

function validateInitContainers(field: string, spec: Obj, volumes: ReadonlySet<string>): FieldError[] {
  const names = new Set(objectsOf(spec.containers).map(({ name }) => name));
  const errors: FieldError[] = [];
  for (const [index, container] of objectsOf(spec.initContainers).entries()) {
    const here = `${field}[${index}]`;
    errors.push(...validateContainer(here, container, volumes));
    const isSidecar = container.restartPolicy === 'Always';
    if (
      container.restartPolicy !== undefined &&
      !['Always', 'OnFailure', 'Never'].includes(String(container.restartPolicy))
    )
      errors.push(notSupported(`${here}.restartPolicy`, container.restartPolicy, ['Always', 'OnFailure', 'Never']));
    if (names.has(container.name)) errors.push(duplicate(`${here}.name`, container.name));
    if (container.name) names.add(container.name);
    for (const part of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
      if (container[part] === undefined) continue;
      if (!isSidecar)
        errors.push(
          forbiddenField(`${here}.${part}`, 'may not be set for init containers without restartPolicy=Always'),
        );
      else if (part === 'lifecycle')
        errors.push(...validateLifecycle(`${here}.lifecycle`, objectOf(container.lifecycle)));
      else errors.push(...validateProbe(`${here}.${part}`, container[part], part !== 'readinessProbe'));
    }
  }
  return errors;
}

function validateContainer(field: string, container: Obj, volumes: ReadonlySet<string>): FieldError[] {
  return [
    ...requiredLabel(`${field}.name`, container.name),
    ...(container.image ? [] : [required(`${field}.image`)]),
    ...oneOf(
      `${field}.terminationMessagePolicy`,
      container.terminationMessagePolicy,
      ['File', 'FallbackToLogsOnError'],
      false,
    ),
    ...validatePorts(`${field}.ports`, objectsOf(container.ports)),
    ...validateEnv(`${field}.env`, objectsOf(container.env)),
    ...validateEnvFrom(`${field}.envFrom`, objectsOf(container.envFrom)),
    ...validateMounts(
      `${field}.volumeMounts`,
      objectsOf(container.volumeMounts),
      volumes,
      objectOf(container.securityContext).privileged === true,
    ),
    ...oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...validateResources(`${field}.resources`, objectOf(container.resources)),
    ...validateSecurity(`${field}.securityContext`, container.securityContext),
  ];
}

function validatePorts(field: string, ports: readonly Obj[]): FieldError[] {
  const names = new Set<unknown>();
  const errors: FieldError[] = [];
  for (const [index, port] of ports.entries()) {
    const here = `${field}[${index}]`;
    if (port.name) {
      const texts = portNameProblems(String(port.name));
      if (texts.length > 0) errors.push(...problems(`${here}.name`, port.name, texts));
      else if (names.has(port.name)) errors.push(duplicate(`${here}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) errors.push(required(`${here}.containerPort`));
    else errors.push(...portNumber(`${here}.containerPort`, port.containerPort));
    if (port.hostPort) errors.push(...portNumber(`${here}.hostPort`, port.hostPort));
    errors.push(...oneOf(`${here}.protocol`, port.protocol, PROTOCOLS));
  }
  return errors;
}

function hostPortConflicts(field: string, containers: readonly Obj[]): FieldError[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, container] of containers.entries())
    for (const [at, { hostPort, hostIP, protocol }] of objectsOf(container.ports).entries()) {
      if (!hostPort) continue;
      const key = `${protocol}/${hostIP ?? ''}/${hostPort}`;
      if (seen.has(key)) errors.push(duplicate(`${field}[${index}].ports[${at}].hostPort`, key));
      seen.add(key);
    }
  return errors;
}

const ENV_NAME = "a valid environment variable name must consist only of printable ASCII characters other than '='";

function envName(field: string, name: string): FieldError[] {
  return /^[ -<>-~]+$/.test(name) ? [] : [invalidValue(field, name, ENV_NAME)];
}

function validateEnv(field: string, env: readonly Obj[]): FieldError[] {
  return env.flatMap((variable, index) => {
    const here = `${field}[${index}]`;
    return [
      ...(variable.name ? envName(`${here}.name`, String(variable.name)) : [required(`${here}.name`)]),
      ...validateValueFrom(`${here}.valueFrom`, variable),
    ];
  });
}

function validateValueFrom(field: string, variable: Obj): FieldError[] {
  if (!isObject(variable.valueFrom)) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = variable.valueFrom;
  const errors = [
    ...(isObject(fieldRef) ? validateFieldRef(`${field}.fieldRef`, fieldRef, ENV_FIELDS) : []),
    ...(isObject(resourceFieldRef) ? validateResourceRef(`${field}.resourceFieldRef`, resourceFieldRef) : []),
    ...(isObject(configMapKeyRef) ? validateKeyRef(`${field}.configMapKeyRef`, configMapKeyRef) : []),
    ...(isObject(secretKeyRef) ? validateKeyRef(`${field}.secretKeyRef`, secretKeyRef) : []),
  ];
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(isObject).length;
  if (count === 0)
    errors.push(
      invalidValue(
        field,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  else if (variable.value) errors.push(invalidValue(field, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) errors.push(invalidValue(field, '', 'may not have more than one field specified at a time'));
  return errors;
}

function validateResourceRef(field: string, ref: Obj): FieldError[] {
  return ref.resource ? [] : [required(`${field}.resource`)];
}

function validateKeyRef(field: string, ref: Obj): FieldError[] {
  return [
    ...(ref.name ? [] : [required(`${field}.name`)]),
    ...(ref.key ? problems(`${field}.key`, ref.key, configKeyProblems(String(ref.key))) : [required(`${field}.key`)]),
  ];
}

function validateEnvFrom(field: string, sources: readonly Obj[]): FieldError[] {
  return sources.flatMap((source, index) => {
    const here = `${field}[${index}]`;
    const { prefix, configMapRef, secretRef } = source;
    const errors = prefix ? envName(`${here}.prefix`, String(prefix)) : [];
    if (isObject(configMapRef)) errors.push(...objectName(`${here}.configMapRef.name`, configMapRef.name));
    if (isObject(secretRef)) errors.push(...objectName(`${here}.secretRef.name`, secretRef.name));
    const count = [configMapRef, secretRef].filter(isObject).length;
    if (count === 0) errors.push(invalidValue(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (count > 1) errors.push(invalidValue(field, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(field: string, mode: unknown, isPrivileged: boolean): FieldError[] {
  if (mode === undefined) return [];
  if (!PROPAGATIONS.includes(String(mode))) return [notSupported(field, mode, PROPAGATIONS)];
  const why = 'Bidirectional mount propagation is available only to privileged containers';
  return mode === 'Bidirectional' && !isPrivileged ? [forbiddenField(field, why)] : [];
}

function validateMounts(
  field: string,
  mounts: readonly Obj[],
  volumes: ReadonlySet<string>,
  isPrivileged: boolean,
): FieldError[] {
  const paths = new Set<unknown>();
  return mounts.flatMap((mount, index) => {
    const here = `${field}[${index}]`;
    const errors: FieldError[] = [];
    if (!mount.name) errors.push(required(`${here}.name`));
    if (!volumes.has(String(mount.name ?? ''))) errors.push(notFoundValue(`${here}.name`, mount.name ?? ''));
    if (!mount.mountPath) errors.push(required(`${here}.mountPath`));
    if (paths.has(mount.mountPath)) errors.push(invalidValue(`${here}.mountPath`, mount.mountPath, 'must be unique'));
    paths.add(mount.mountPath);
    if (mount.subPath) errors.push(...descendingPath(`${field}.subPath`, String(mount.subPath)));
    if (mount.subPath && mount.subPathExpr) {
      const why = 'subPathExpr and subPath are mutually exclusive';
      errors.push(invalidValue(`${here}.subPathExpr`, mount.subPathExpr, why));
    }
    if (mount.subPathExpr) errors.push(...descendingPath(`${field}.subPathExpr`, String(mount.subPathExpr)));
    errors.push(...validatePropagation(`${field}.mountPropagation`, mount.mountPropagation, isPrivileged));
    return errors;
  });
}

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

function validateHandler(field: string, handler: Obj): FieldError[] {
  const given = HANDLERS.filter((name) => isObject(handler[name]));
  const [first] = given;
  if (first === undefined) return [required(field, 'must specify a handler type')];
  return [
    ...validateAction(`${field}.${first}`, first, objectOf(handler[first])),
    ...given.slice(1).map((name) => forbiddenField(`${field}.${name}`, 'may not specify more than 1 handler type')),
  ];
}

function validateAction(field: string, name: string, action: Obj): FieldError[] {
  switch (name) {
    case 'exec':
      return Array.isArray(action.command) && action.command.length > 0 ? [] : [required(`${field}.command`)];
    case 'httpGet':
      return [
        ...(action.path ? [] : [required(`${field}.path`)]),
        ...portNumberOrName(`${field}.port`, action.port),
        ...oneOf(`${field}.scheme`, action.scheme, ['HTTP', 'HTTPS']),
      ];
    case 'tcpSocket':
      return portNumberOrName(`${field}.port`, action.port);
    case 'grpc':
      return portNumber(`${field}.port`, action.port);
    default:
      return [];
  }
}

function validateProbe(field: string, probe: unknown, succeedsOnce: boolean): FieldError[] {
  if (!isObject(probe)) return [];
  const counts = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];
  return [
    ...validateHandler(field, probe),
    ...counts.flatMap((name) => nonNegative(`${field}.${name}`, probe[name])),
    ...(succeedsOnce && probe.successThreshold !== 1
      ? [invalidValue(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1')]
      : []),
  ];
}

function validateLifecycle(field: string, lifecycle: Obj): FieldError[] {
  return ['postStart', 'preStop'].flatMap((name) =>
    isObject(lifecycle[name]) ? validateHandler(`${field}.${name}`, objectOf(lifecycle[name])) : [],
  );
}

function userId(field: string, value: unknown): FieldError[] {
  return inRange(field, value, 0, MAX_INT32);
}

function validateSecurity(field: string, context: unknown): FieldError[] {
  if (!isObject(context)) return [];
  const isContradictory = context.allowPrivilegeEscalation === false && context.privileged === true;
  return [
    ...userId(`${field}.runAsUser`, context.runAsUser),
    ...userId(`${field}.runAsGroup`, context.runAsGroup),
    ...validateSeccomp(`${field}.seccompProfile`, context.seccompProfile),
    ...(isContradictory
      ? [invalidValue(field, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true')]
      : []),
  ];
}

function validatePodSecurity(field: string, context: Obj): FieldError[] {
  return [
    ...userId(`${field}.fsGroup`, context.fsGroup),
    ...userId(`${field}.runAsUser`, context.runAsUser),
    ...userId(`${field}.runAsGroup`, context.runAsGroup),
    ...validateSeccomp(`${field}.seccompProfile`, context.seccompProfile),
  ];
}

function validateSeccomp(field: string, profile: unknown): FieldError[] {
  if (!isObject(profile)) return [];
  if (!profile.type) return [required(`${field}.type`, 'type is required when seccompProfile is set')];
  return oneOf(`${field}.type`, profile.type, ['Localhost', 'RuntimeDefault', 'Unconfined']);
}

function validateTolerations(field: string, tolerations: readonly Obj[]): FieldError[] {
  return tolerations.flatMap(({ key, operator, value, effect, tolerationSeconds }, index) => {
    const here = `${field}[${index}]`;
    const errors = key ? problems(`${here}.key`, key, qualifiedNameProblems(String(key))) : [];
    if (!key && operator !== 'Exists')
      errors.push(
        invalidValue(
          `${here}.operator`,
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(
        invalidValue(`${here}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      );
    if (operator === 'Exists') {
      if (value)
        errors.push(invalidValue(`${here}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else if (operator === 'Equal' || !operator) {
      const texts = labelValueProblems(String(value ?? ''));
      if (texts.length > 0) errors.push(invalidValue(`${here}.operator`, value, texts.join(';')));
    } else errors.push(notSupported(`${here}.operator`, operator, ['Equal', 'Exists']));
    const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
    if (effect && !effects.includes(String(effect)))
      errors.push(notSupported(`${here}.effect`, effect, effects, false));
    return errors;
  });
}

function validateHostAliases(field: string, aliases: readonly Obj[]): FieldError[] {
  return aliases.flatMap(({ ip, hostnames }, index) => [
    ...(ip ? [] : [required(`${field}[${index}].ip`)]),
    ...(Array.isArray(hostnames) ? hostnames : []).flatMap((name) =>
      problems(`${field}[${index}].hostnames`, name, subdomainProblems(String(name))),
    ),
  ]);
}

function validateAffinity(field: string, affinity: Obj): FieldError[] {
  const pods = ['podAffinity', 'podAntiAffinity'].flatMap((name) => {
    const part = objectOf(affinity[name]);
    const wanted = objectsOf(part.requiredDuringSchedulingIgnoredDuringExecution);
    const preferred = objectsOf(part.preferredDuringSchedulingIgnoredDuringExecution);
    return [
      ...wanted.flatMap((term, index) =>
        validateTerm(`${field}.${name}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`, term),
      ),
      ...preferred.flatMap(({ weight, podAffinityTerm }, index) => {
        const here = `${field}.${name}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
        const isHeavy = typeof weight !== 'number' || weight < 1 || weight > 100;
        return [
          ...(isHeavy ? [invalidValue(`${here}.weight`, weight ?? 0, 'must be in the range 1-100')] : []),
          ...validateTerm(`${here}.podAffinityTerm`, objectOf(podAffinityTerm)),
        ];
      }),
    ];
  });
  return [...validateNodeAffinity(`${field}.nodeAffinity`, objectOf(affinity.nodeAffinity)), ...pods];
}

function validateTerm(field: string, term: Obj): FieldError[] {
  return [
    ...validateSelector(`${field}.labelSelector`, term.labelSelector),
    ...(term.topologyKey ? [] : [required(`${field}.topologyKey`, 'can not be empty')]),
    ...problems(`${field}.topologyKey`, term.topologyKey ?? '', qualifiedNameProblems(String(term.topologyKey ?? ''))),
  ];
}

function validateSpread(field: string, constraints: readonly Obj[]): FieldError[] {
  return constraints.flatMap(({ maxSkew, topologyKey, whenUnsatisfiable, labelSelector }, index) => {
    const here = `${field}[${index}]`;
    const isSkewed = typeof maxSkew === 'number' && maxSkew > 0;
    return [
      ...(isSkewed ? [] : [invalidValue(`${here}.maxSkew`, maxSkew ?? 0, 'must be greater than zero')]),
      ...(topologyKey ? [] : [required(`${here}.topologyKey`, 'can not be empty')]),
      ...oneOf(`${here}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'], false),
      ...validateSelector(`${here}.labelSelector`, labelSelector),
    ];
  });
}
