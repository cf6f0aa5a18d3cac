// A targetRevision and the commit it means now (Argo CD: util/git/client.go, lsRemote; util/versions/tags.go).

import { HawserError, isHawserError } from '../base/errors.ts';
import {
  type Constraint,
  compareVersions,
  parseConstraint,
  parseVersion,
  satisfies,
  type Version,
} from '../base/semver.ts';
import { isObjectId, type ObjectId } from './object.ts';
import { commitOf, type Ref, type Refs } from './refs.ts';

export interface Revision {
  readonly sha: ObjectId;
  /** The ref that decided (`refs/heads/main`); none where the commit itself was named. */
  readonly ref?: string;
}

const HEADS = 'refs/heads/';
const TAGS = 'refs/tags/';
const SHORT_ID = /^[0-9a-f]{7,40}$/i;

/**
 * The commit of `targetRevision`: '' and HEAD, a branch, a tag (annotated ones peeled), a full ref, 40 hex digits, or
 * a semver range over the tags, which comes before a branch or tag of that very name. `tagPrefix` limits a range to
 * tags that begin with it. A branch and a tag of one name: the tag, as in gitrevisions(7); Argo CD takes either.
 * Throws `RevisionNotFound`.
 */
export function resolveRevision(refs: Refs, targetRevision: string, tagPrefix = ''): Revision {
  const wanted = targetRevision.trim();
  if (isObjectId(wanted.toLowerCase())) return { sha: wanted.toLowerCase() };
  if (wanted === '' || wanted === 'HEAD') return resolveHead(refs);
  const version = highestTag(refs, wanted, tagPrefix);
  const name = version ?? wanted;
  for (const full of version ? [TAGS + name] : [name, TAGS + name, HEADS + name, `refs/${name}`]) {
    const ref = refs.byName.get(full);
    if (ref) return { sha: commitOf(ref), ref: full };
  }
  return resolveShortId(refs, wanted) ?? fail(refs, wanted);
}

/**
 * The prefixes of all refs that can decide what `targetRevision` means; a server then lists only those. Empty where
 * none are needed.
 */
export function refPrefixesOf(targetRevision: string, tagPrefix = ''): string[] {
  const wanted = targetRevision.trim();
  if (isObjectId(wanted.toLowerCase())) return [];
  if (wanted === '' || wanted === 'HEAD') return ['HEAD'];
  if (wanted.startsWith('refs/')) return [wanted];
  const tagged = tagPrefix === '' ? [] : [TAGS + tagPrefix + wanted];
  const exact = [TAGS + wanted, ...tagged, HEADS + wanted, `refs/${wanted}`];
  if (readConstraint(wanted)) return [TAGS, ...exact];
  return SHORT_ID.test(wanted) ? ['HEAD', HEADS, TAGS] : exact;
}

/** Whether a targetRevision is a range of versions, which names another tag from time to time. */
export function isVersionRange(targetRevision: string): boolean {
  const wanted = targetRevision.trim();
  return wanted !== '' && readConstraint(wanted) !== undefined;
}

function resolveHead(refs: Refs): Revision {
  const head = refs.byName.get('HEAD') ?? (refs.head ? refs.byName.get(refs.head) : undefined);
  if (head) return { sha: commitOf(head), ref: refs.head ?? 'HEAD' };
  const empty = refs.byName.size === 0;
  throw new HawserError(
    'RevisionNotFound',
    empty ? 'the repository has no commit yet' : `HEAD names ${refs.head ?? 'a branch'}, which does not exist`,
    { hint: empty ? 'push a commit' : "set the repository's default branch, or name a branch as targetRevision" },
  );
}

/** The tag with the highest version that a range allows; undefined where `wanted` is no range or nothing matches. */
function highestTag(refs: Refs, wanted: string, tagPrefix: string): string | undefined {
  const constraint = readConstraint(wanted);
  if (!constraint) return tagPrefix !== '' && readVersion(wanted) ? tagPrefix + wanted : undefined;
  let best: { name: string; version: Version } | undefined;
  for (const full of refs.byName.keys()) {
    if (!full.startsWith(TAGS + tagPrefix)) continue;
    const version = readVersion(full.slice(TAGS.length + tagPrefix.length));
    if (!version || !satisfies(version, constraint)) continue;
    if (!best || compareVersions(version, best.version) > 0) best = { name: full.slice(TAGS.length), version };
  }
  return best?.name;
}

/** An exact version (`v1.2`) is a name, not a range. */
function readConstraint(text: string): Constraint | undefined {
  return readVersion(text) ? undefined : orUndefined(() => parseConstraint(text));
}

function readVersion(text: string): Version | undefined {
  return orUndefined(() => parseVersion(text));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isHawserError(error, 'InvalidInput')) return undefined;
    throw error;
  }
}

/** A shortened id counts where exactly one ref is at such a commit; others a server does not tell. */
function resolveShortId(refs: Refs, wanted: string): Revision | undefined {
  if (!SHORT_ID.test(wanted)) return undefined;
  const prefix = wanted.toLowerCase();
  const found = new Set(
    [...refs.byName.values()].map((ref: Ref) => commitOf(ref)).filter((id) => id.startsWith(prefix)),
  );
  const [sha] = found;
  if (found.size === 1 && sha) return { sha };
  throw new HawserError('RevisionNotFound', `the commit ${wanted} is not at the end of any branch or tag`, {
    hint: 'give all 40 digits of the commit',
  });
}

function fail(refs: Refs, wanted: string): never {
  const branches = [...refs.byName.keys()]
    .filter((name) => name.startsWith(HEADS))
    .map((name) => name.slice(HEADS.length));
  const known = branches.slice(0, 5).join(', ') + (branches.length > 5 ? ' …' : '');
  throw new HawserError(
    'RevisionNotFound',
    `'${wanted}' is no branch, tag, commit or matched version range of the repository`,
    {
      hint: known === '' ? 'check targetRevision' : `its branches are ${known}`,
    },
  );
}
