// The parts of a container image's name that matter to defaults (distribution/reference: ParseNormalizedNamed).

const DOMAIN = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const PART = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** The tag; `latest` where neither tag nor digest is given, '' for a digest alone and for what is no name of an image. */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  const tag = colon < 0 ? undefined : last.slice(colon + 1);
  if (!isRepository(tag === undefined ? name : name.slice(0, -tag.length - 1))) return '';
  if (tag !== undefined) return TAG.test(tag) ? tag : '';
  return digest === undefined ? 'latest' : '';
}

function isRepository(name: string): boolean {
  const parts = name.split('/');
  const [first = ''] = parts;
  const hasDomain = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (hasDomain && !DOMAIN.test(first)) return false;
  return parts.slice(hasDomain ? 1 : 0).every((part) => PART.test(part));
}
