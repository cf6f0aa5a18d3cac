// Sprig's functions of paths; `os…` are the same where paths have slashes (Sprig v3.3.0: functions.go).

import { baseName, cleanPath, directoryName, extensionName } from '../go/path.ts';
import { type FunctionTable, goFunction } from './function.ts';

export function pathFunctions(): FunctionTable {
  const base = goFunction(['string'], 'string', baseName);
  const dir = goFunction(['string'], 'string', directoryName);
  const clean = goFunction(['string'], 'string', cleanPath);
  const ext = goFunction(['string'], 'string', extensionName);
  const isAbs = goFunction(['string'], 'bool', (path) => path.startsWith('/'));
  return { base, dir, clean, ext, isAbs, osBase: base, osDir: dir, osClean: clean, osExt: ext, osIsAbs: isAbs };
}
