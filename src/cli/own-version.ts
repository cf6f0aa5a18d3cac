// The version of this very program, as its first line says it.

import { VERSION } from '../base/version.ts';

export function ownVersion(): string {
  return `hawser ${VERSION} (Node ${process.versions.node})`;
}
