// Health checks of argocd-cm: scripts in Lua, found by group and kind, and what their answers mean (Argo CD: util/lua/lua.go).

import type { HealthCustomizations } from '../application/argo-settings.ts';
import type { HealthCode, HealthStatus } from '../application/types.ts';
import { messageOf } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';
import { isObject, type Json } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { FunctionBody } from '../lua/ast.ts';
import { LuaError, LuaLimitError, LuaSyntaxError } from '../lua/error.ts';
import { fromLua, toLua } from '../lua/json.ts';
import { readScript, runScript } from '../lua/run.ts';
import { isTable, typeOf } from '../lua/value.ts';
import { health } from './check.ts';
import type { Assess } from './rules.ts';

const CODES: readonly HealthCode[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/**
 * Which script judges a kind, if any: the one of exactly this name (`group/Kind`, of the core group `Kind`), else the first whose pattern
 * fits. Each script is read once, when it is first needed.
 */
export function findScripts(
  customizations: HealthCustomizations,
  now: () => Date,
): (group: string, kind: string) => Assess | undefined {
  const checks = new Map<string, Assess>();
  const names = Object.keys(customizations);
  return (group, kind) => {
    const key = group === '' ? kind : `${group}/${kind}`;
    const name = Object.hasOwn(customizations, key) ? key : names.find((pattern) => matchesGlob(pattern, key));
    const customization = name === undefined ? undefined : customizations[name];
    if (name === undefined || !customization) return undefined;
    const check = checks.get(name) ?? createScriptCheck(customization.lua, customization.useOpenLibs, now);
    checks.set(name, check);
    return check;
  };
}

/** A check out of a script with the global `obj`. What goes wrong in it is told as Unknown, never thrown. */
function createScriptCheck(lua: string, useOpenLibs: boolean, now: () => Date): Assess {
  let script: FunctionBody | undefined;
  return (object) => {
    try {
      script ??= readScript(lua);
      return judge(script, object, useOpenLibs, now);
    } catch (error) {
      const isOfScript = error instanceof LuaError || error instanceof LuaLimitError || error instanceof LuaSyntaxError;
      if (!isOfScript) throw error;
      return health('Unknown', messageOf(error));
    }
  };
}

function judge(
  script: FunctionBody,
  object: KubeObject,
  useOpenLibs: boolean,
  now: () => Date,
): HealthStatus | undefined {
  const answer = runScript(script, { globals: { obj: toLua(object) }, useOpenLibs, now }).at(-1);
  if (answer === undefined) return undefined;
  if (!isTable(answer)) return health('Unknown', `expect table output from Lua script, not ${typeOf(answer)}`);
  return readAnswer(fromLua(answer));
}

/** An empty table, and one whose fields are of other types, says nothing; a status that is none is Unknown. */
function readAnswer(answer: Json): HealthStatus | undefined {
  if (!isObject(answer)) return undefined;
  // Go's decoder does not look at the case of field names.
  const fields = new Map(Object.entries(answer).map(([name, value]) => [name.toLowerCase(), value]));
  const [status, message] = [fields.get('status') ?? '', fields.get('message') ?? ''];
  if (typeof status !== 'string' || typeof message !== 'string') return undefined;
  const code = CODES.find((known) => known === status);
  return code ? health(code, message) : health('Unknown', 'Lua returned an invalid health status');
}
