// What a file says is changed in the file: whoever asks hawser's API for it is told so, instead of losing the change with the next start.

import { isEqualJson } from '../base/equal.ts';
import { isObject, stringAt } from '../base/json.ts';
import { isKubeObject } from '../kube/parse.ts';
import { isWrite, nameInBody, targetOf } from '../operation/beside-argo-cd.ts';
import type { ClusterTransport } from '../platform.ts';
import { isOfFile } from './apps-folder.ts';

const RESOURCES = ['applications', 'appprojects', 'applicationsets'];

/** The same cluster for hawser, which writes status and operations, and nothing that people write. */
export function guardFiles(home: ClusterTransport, folder: string): ClusterTransport {
  const refuse = (what: string) =>
    Response.json(
      {
        ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 },
        message: `${what} in the folder ${folder} (hawser serve --apps): change that`,
      },
      { status: 403 },
    );

  return {
    ...home,
    fetch: async (path, init = {}) => {
      const target = targetOf(path);
      const isGuarded = target?.group === 'argoproj.io' && RESOURCES.includes(target.resource) && isWrite(path, init);
      if (!isGuarded) return home.fetch(path, init);
      if (init.method === 'POST') return refuse(`${nameInBody(init.body)} would have to be a file`);
      const [where = path] = path.split('?');
      const before: unknown = await (await home.fetch(where)).json();
      if (!isKubeObject(before) || !isOfFile(before)) return home.fetch(path, init);
      const what = `the ${before.kind} ${before.metadata.name} is a file`;
      if (init.method === 'DELETE') return refuse(what);
      if (!mentionsSpec(init.body)) return home.fetch(path, init);
      const tried = await home.fetch(`${path}${path.includes('?') ? '&' : '?'}dryRun=All`, init);
      if (!tried.ok) return tried;
      const after: unknown = await tried.json();
      return isObject(after) && isEqualJson(after.spec, before.spec) ? home.fetch(path, init) : refuse(what);
    },
  };
}

/** The rest is hawser's own: status, operation, annotations. */
function mentionsSpec(body: unknown): boolean {
  if (typeof body !== 'string') return false;
  const patch: unknown = JSON.parse(body);
  if (!Array.isArray(patch)) return isObject(patch) && 'spec' in patch;
  return patch.some((step: unknown) => /^(\/spec\b|$)/.test(stringAt(step, 'path') ?? '/spec'));
}
