// The annotations in which kustomize keeps what it knows of a resource while it builds. They live in the object itself, as in
// kustomize, because patches see them and may take them away.

const DOMAIN = 'internal.config.kubernetes.io';

export const PREVIOUS_KINDS = `${DOMAIN}/previousKinds`;
export const PREVIOUS_NAMES = `${DOMAIN}/previousNames`;
export const PREVIOUS_NAMESPACES = `${DOMAIN}/previousNamespaces`;
export const PREFIXES = `${DOMAIN}/prefixes`;
export const SUFFIXES = `${DOMAIN}/suffixes`;
export const ALLOW_NAME_CHANGE = `${DOMAIN}/allowNameChange`;
export const ALLOW_KIND_CHANGE = `${DOMAIN}/allowKindChange`;
export const REFERRED_BY = `${DOMAIN}/refBy`;
export const GENERATOR_BEHAVIOR = `${DOMAIN}/generatorBehavior`;
export const NEEDS_HASH = `${DOMAIN}/needsHashSuffix`;
export const HELM_GENERATED = `${DOMAIN}/helm-generated`;
export const ENABLED = 'enabled';

/** Public ones, kept where `buildMetadata` asks for them. */
export const ORIGIN = 'config.kubernetes.io/origin';
export const TRANSFORMATIONS = 'alpha.config.kubernetes.io/transformations';
/** Marks a resource that only configures kustomize. */
export const LOCAL_CONFIG = 'config.kubernetes.io/local-config';

/** What is removed at the end of a build (kustomize: resource.BuildAnnotations). */
export const BUILD_ANNOTATIONS: readonly string[] = [
  PREVIOUS_KINDS,
  PREVIOUS_NAMES,
  PREFIXES,
  SUFFIXES,
  PREVIOUS_NAMESPACES,
  ALLOW_NAME_CHANGE,
  ALLOW_KIND_CHANGE,
  REFERRED_BY,
  GENERATOR_BEHAVIOR,
  NEEDS_HASH,
  `${DOMAIN}/path`,
  `${DOMAIN}/index`,
  `${DOMAIN}/seqindent`,
  `${DOMAIN}/id`,
  `${DOMAIN}/annotations-migration-resource-id`,
  'config.kubernetes.io/path',
  'config.kubernetes.io/index',
  'config.k8s.io/id',
  HELM_GENERATED,
];

/** What a JSON patch must not take away (kyaml: kioutil.GetInternalAnnotations). */
export function isInternalAnnotation(name: string): boolean {
  return (
    name.startsWith(`${DOMAIN}/`) ||
    name === 'config.kubernetes.io/path' ||
    name === 'config.kubernetes.io/index' ||
    name === 'config.k8s.io/id'
  );
}
