// Random bytes that are the same each time.

export function randomFrom(seed: number): (length: number) => Uint8Array {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  };
  return (length) => Uint8Array.from({ length }, next);
}
