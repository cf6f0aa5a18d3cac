// The small file that Git holds in place of a file that is kept in Git LFS.

export interface LfsPointer {
  /** SHA-256 of the file, 64 lower-case hex digits. */
  readonly oid: string;
  /** In bytes. */
  readonly size: number;
}

/** A pointer is shorter than this, whatever extensions it has (git-lfs: docs/spec.md). */
const MAX_POINTER_BYTES = 1024;
const KEY = new TextEncoder().encode('version ');

/** The version of the specification, and names that it had earlier (git-lfs: lfs/pointer.go, v1Aliases). */
const VERSIONS = new Set([
  'https://git-lfs.github.com/spec/v1',
  'https://hawser.github.com/spec/v1',
  'http://git-media.io/v/2',
]);

/** What a pointer names; undefined for any other content. */
export function parseLfsPointer(content: Uint8Array): LfsPointer | undefined {
  if (content.length >= MAX_POINTER_BYTES || KEY.some((byte, index) => content[index] !== byte)) return undefined;
  const text = new TextDecoder().decode(content);
  const fields = new Map(
    text.split(/\r?\n/).map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]),
  );
  if (!VERSIONS.has(fields.get('version') ?? '')) return undefined;
  const oid = /^sha256:([0-9a-f]{64})$/.exec(fields.get('oid') ?? '')?.[1];
  const size = /^\d{1,15}$/.exec(fields.get('size') ?? '')?.[0];
  return oid !== undefined && size !== undefined ? { oid, size: Number(size) } : undefined;
}
