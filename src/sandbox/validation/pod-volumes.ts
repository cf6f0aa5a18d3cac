// The volumes of a Pod: of one type each, with what that type needs.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go (ValidateVolumes).

import { isObject } from '../../base/json.ts';
import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../typed/field-error.ts';
import { validateClaimSpec } from './claim.ts';
import { FILE_FIELDS, validateFieldRef } from './field-ref.ts';
import { subdomainProblems } from './names.ts';
import { type Obj, objectOf, objectsOf, oneOf, positiveQuantity, problems, requiredLabel } from './value.ts';

/** `names` are those that containers may mount: a volume with a mistake is none. */
export function validateVolumes(
  field: string,
  volumes: readonly Obj[],
): { errors: FieldError[]; names: ReadonlySet<string> } {
  const names = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, volume] of volumes.entries()) {
    const here = `${field}[${index}]`;
    const own = [...validateSource(here, volume, VOLUME_TYPES), ...requiredLabel(`${here}.name`, volume.name)];
    const name = String(volume.name ?? '');
    if (names.has(name)) own.push(duplicate(`${here}.name`, name));
    if (own.length === 0) names.add(name);
    errors.push(...own);
  }
  return { errors, names };
}

/** Types in the order of the API server's checks, which decides which one is too many. */
const VOLUME_TYPES = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];

/** The one source that a volume has, of the types that it may have. */
export function validateSource(field: string, volume: Obj, types: readonly string[]): FieldError[] {
  const given = types.filter((name) => isObject(volume[name]));
  const [first] = given;
  if (first === undefined) return [required(field, 'must specify a volume type')];
  return [
    ...validateType(`${field}.${first}`, first, objectOf(volume[first])),
    ...given.slice(1).map((name) => forbiddenField(`${field}.${name}`, 'may not specify more than 1 volume type')),
  ];
}

const HOST_PATHS = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validateType(field: string, name: string, source: Obj): FieldError[] {
  switch (name) {
    case 'configMap':
      return [
        ...wants(field, source, 'name'),
        ...fileMode(`${field}.defaultMode`, source.defaultMode),
        ...keys(field, source),
      ];
    case 'secret':
      return [
        ...wants(field, source, 'secretName'),
        ...fileMode(`${field}.defaultMode`, source.defaultMode),
        ...keys(field, source),
      ];
    case 'downwardAPI':
      return [
        ...fileMode(`${field}.defaultMode`, source.defaultMode),
        ...objectsOf(source.items).flatMap((file) => downwardFile(field, file)),
      ];
    case 'projected':
      return [...fileMode(`${field}.defaultMode`, source.defaultMode), ...validateProjections(field, source)];
    case 'persistentVolumeClaim':
      return wants(field, source, 'claimName');
    case 'hostPath':
      return source.path
        ? [
            ...noBacksteps(`${field}.path`, String(source.path)),
            ...(source.type === undefined || HOST_PATHS.includes(String(source.type))
              ? []
              : [notSupported(`${field}.type`, source.type, HOST_PATHS)]),
          ]
        : [required(`${field}.path`)];
    case 'local':
      return source.path ? noBacksteps(`${field}.path`, String(source.path)) : [required(`${field}.path`)];
    case 'nfs': {
      const path = String(source.path ?? '');
      return [
        ...wants(field, source, 'server', 'path'),
        ...(path.startsWith('/') ? [] : [invalidValue(`${field}.path`, path, 'must be an absolute path')]),
      ];
    }
    case 'emptyDir':
      return source.sizeLimit !== undefined && positiveQuantity('', source.sizeLimit).length > 0
        ? [forbiddenField(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
        : [];
    case 'csi':
      return [
        ...wants(field, source, 'driver'),
        ...(isObject(source.nodePublishSecretRef) && !source.nodePublishSecretRef.name
          ? [required(`${field}.nodePublishSecretRef.name`)]
          : []),
      ];
    case 'gitRepo':
      return wants(field, source, 'repository');
    case 'gcePersistentDisk':
      return wants(field.replace(/gcePersistentDisk$/, 'persistentDisk'), source, 'pdName');
    case 'awsElasticBlockStore':
      return wants(field, source, 'volumeID');
    case 'glusterfs':
      return wants(field, source, 'endpoints', 'path');
    case 'azureFile':
      return wants(field, source, 'secretName', 'shareName');
    case 'vsphereVolume':
      return wants(field, source, 'volumePath');
    case 'cinder':
      return wants(field, source, 'volumeID');
    case 'ephemeral': {
      const template = source.volumeClaimTemplate;
      if (!isObject(template)) return [required(`${field}.volumeClaimTemplate`)];
      return validateClaimSpec(`${field}.volumeClaimTemplate.spec`, objectOf(template.spec));
    }
    case 'image':
      return oneOf(`${field}.pullPolicy`, source.pullPolicy, ['Always', 'IfNotPresent', 'Never']);
    default:
      return [];
  }
}

function wants(field: string, source: Obj, ...names: string[]): FieldError[] {
  return names.filter((name) => !source[name]).map((name) => required(`${field}.${name}`));
}

const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';

function fileMode(field: string, mode: unknown): FieldError[] {
  return typeof mode === 'number' && (mode < 0 || mode > 0o777) ? [invalidValue(field, mode, MODE)] : [];
}

function keys(field: string, source: Obj): FieldError[] {
  return objectsOf(source.items).flatMap((item, index) => {
    const here = `${field}.items[${index}]`;
    return [
      ...wants(here, item, 'key', 'path'),
      ...localPath(`${here}.path`, String(item.path ?? '')),
      ...fileMode(`${here}.mode`, item.mode),
    ];
  });
}

function noBacksteps(field: string, path: string): FieldError[] {
  return path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : [];
}

/** A path below the volume, for a mount or a file. */
export function descendingPath(field: string, path: string): FieldError[] {
  return [
    ...(path.startsWith('/') ? [invalidValue(field, path, 'must be a relative path')] : []),
    ...noBacksteps(field, path),
  ];
}

function localPath(field: string, path: string): FieldError[] {
  const isReserved = path.startsWith('..') && !path.startsWith('../');
  return [
    ...descendingPath(field, path),
    ...(isReserved ? [invalidValue(field, path, "must not start with '..'")] : []),
  ];
}

function downwardFile(field: string, file: Obj): FieldError[] {
  const { fieldRef, resourceFieldRef } = file;
  const errors = [...wants(field, file, 'path'), ...localPath(`${field}.path`, String(file.path ?? ''))];
  if (isObject(fieldRef)) {
    errors.push(...validateFieldRef(`${field}.fieldRef`, fieldRef, FILE_FIELDS));
    if (isObject(resourceFieldRef))
      errors.push(invalidValue(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (isObject(resourceFieldRef)) {
    if (!resourceFieldRef.containerName) errors.push(required(`${field}.resourceFieldRef.containerName`));
    else if (!resourceFieldRef.resource) errors.push(required(`${field}.resourceFieldRef.resource`));
  } else errors.push(required(field, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...fileMode(`${field}.mode`, file.mode)];
}

const PROJECTIONS = [
  'secret',
  'configMap',
  'downwardAPI',
  'serviceAccountToken',
  'clusterTrustBundle',
  'podCertificate',
];
const SHORTEST_TOKEN = 600;

function validateProjections(field: string, volume: Obj): FieldError[] {
  const taken = new Set<string>();
  const errors: FieldError[] = [];
  const take = (path: unknown, shown: unknown) => {
    if (!path) return;
    if (taken.has(String(path))) errors.push(invalidValue(field, shown, 'conflicting duplicate paths'));
    taken.add(String(path));
  };
  for (const [index, source] of objectsOf(volume.sources).entries()) {
    const here = `${field}.sources[${index}]`;
    for (const type of ['secret', 'configMap']) {
      const own = source[type];
      if (!isObject(own)) continue;
      errors.push(...wants(`${here}.${type}`, own, 'name'), ...keys(`${here}.${type}`, own));
      for (const { path } of objectsOf(own.items)) take(path, own.name);
    }
    for (const file of objectsOf(objectOf(source.downwardAPI).items)) {
      errors.push(...downwardFile(`${here}.downwardAPI`, file));
      take(file.path, file.path);
    }
    const token = source.serviceAccountToken;
    if (isObject(token)) {
      const seconds = Number(token.expirationSeconds);
      const why = 'may not specify a duration less than 10 minutes';
      if (seconds < SHORTEST_TOKEN)
        errors.push(invalidValue(`${here}.serviceAccountToken.expirationSeconds`, seconds, why));
      errors.push(...(token.path ? localPath(`${field}.path`, String(token.path)) : [required(`${field}.path`)]));
    }
    if (PROJECTIONS.filter((type) => isObject(source[type])).length > 1)
      errors.push(forbiddenField(here, 'may not specify more than 1 volume type per source'));
  }
  return errors;
}

/** The name of an object that a Pod refers to. */
export function objectName(field: string, name: unknown): FieldError[] {
  return name ? problems(field, name, subdomainProblems(String(name))) : [required(field)];
}
