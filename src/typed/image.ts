// The parts of a container image's name that matter to defaults.

/** The tag; `latest` where neither tag nor digest is given, '' for a digest alone. */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  if (colon >= 0) return last.slice(colon + 1);
  return digest === undefined ? 'latest' : '';
}
