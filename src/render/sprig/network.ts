// Sprig's function of the network (Sprig v3.3.0: network.go). Rendering asks no DNS: Helm's answer without --enable-dns is empty.

import { type FunctionTable, goFunction } from './function.ts';

export function networkFunctions(): FunctionTable {
  return { getHostByName: goFunction(['string'], 'string', () => '') };
}
