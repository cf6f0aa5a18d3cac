// Names of images in Kustomize's overrides: `name:tag`, `name@digest`, `name=other:tag`.

/** Whether two overrides are for the same image (Argo CD: KustomizeImage.Match, which compares what stands before the delimiter). */
export function isSameImage(one: string, other: string): boolean {
  return nameOf(one) === nameOf(other);
}

function nameOf(image: string): string {
  const equals = image.indexOf('=');
  if (equals >= 0) return image.slice(0, equals);
  const [withTag = ''] = image.split('@');
  const colon = withTag.lastIndexOf(':');
  // A colon before a slash is that of a registry's port.
  return colon > withTag.lastIndexOf('/') ? withTag.slice(0, colon) : withTag;
}
