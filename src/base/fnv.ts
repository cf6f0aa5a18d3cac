// FNV-1a in 32 bits, as Argo CD names Secrets by it (Go: hash/fnv, New32a).

export function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
