// Why a remote resource is neither a file nor a repository, told as what it most likely was meant to be.

import { type ErrorCode, HawserError, isHawserError } from '../base/errors.ts';
import { shownSource } from '../render/kustomize/load/repo-url.ts';
import { createTypeKnowledge } from '../render/kustomize/merge/types.ts';
import { readResources } from '../render/kustomize/resource/read.ts';
import { isPassingStatus, type RemoteFile } from './remote-file.ts';

/** Most URLs of files look like those of repositories, too: `https://HOST/ORG/REPO/BRANCH/deploy.yaml`. */
const FILE = /^[^?#]*\.(ya?ml|json)(?:[?#]|$)/i;

/** `error` is that of the repository; `file` what its URL was as a file, where that was tried. */
export function remoteFailure(error: unknown, raw: string, file: RemoteFile | undefined): unknown {
  if (!isHawserError(error)) return error;
  const shown = shownSource(raw);
  const { message, hint, data, place } = error;
  const details = { ...(hint !== undefined && { hint }), ...(place && { place }), data, cause: error };
  const asFile = file && problemOf(file);
  if (!asFile) return new HawserError(error.code, `remote base ${shown}: ${message}`, details);
  if (!FILE.test(raw)) {
    return new HawserError(error.code, `remote base ${shown}: ${message}; as a file: ${asFile.text}`, details);
  }
  const code = asFile.code === 'RenderFailed' && isPassing(error) ? error.code : asFile.code;
  return new HawserError(code, `remote file ${shown}: ${asFile.text}; nor is it a repository: ${message}`, {
    hint: 'correct the URL, or what it names; private files can come from a repository that has a Secret',
    data: asFile.data,
    cause: error,
  });
}

interface Problem {
  readonly code: ErrorCode;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function problemOf(file: RemoteFile): Problem {
  if (file instanceof Uint8Array) return { code: 'RenderFailed', text: problemOfContent(file), data: {} };
  const { status, failure } = file;
  if (failure) return { code: failure.code, text: failure.message, data: failure.data };
  const code = isPassingStatus(status) ? 'Unavailable' : 'RenderFailed';
  return { code, text: `its server answered ${status}`, data: { status } };
}

/** What the build found wrong with it, which then took it for a repository. */
function problemOfContent(content: Uint8Array): string {
  try {
    readResources(new TextDecoder('utf-8', { fatal: true }).decode(content), createTypeKnowledge());
    return 'it has no resources';
  } catch (error) {
    return isHawserError(error) ? `it is no list of resources: ${error.message}` : 'it is no text';
  }
}

function isPassing(error: HawserError): boolean {
  return error.code === 'Unavailable' || error.code === 'Timeout';
}
