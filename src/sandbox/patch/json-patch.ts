// A JSON patch as the API server takes it: how it refuses one.

import { isHawserError } from '../../base/errors.ts';
import { applyJsonPatch as apply } from '../../base/json-patch.ts';
import { badRequest, refuse } from '../http/status.ts';

/** Applies a JSON patch to a copy of a document. Throws 400 for a body that is no patch, 422 for one that does not fit. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  try {
    return apply(document, patch);
  } catch (error) {
    if (isHawserError(error, 'InvalidInput')) {
      throw badRequest(
        'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      );
    }
    // The API server does not say what did not fit.
    if (isHawserError(error, 'FailedPrecondition')) {
      throw refuse(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
    }
    throw error;
  }
}
