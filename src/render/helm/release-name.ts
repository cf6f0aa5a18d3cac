// The name of a release (Helm: pkg/chartutil/validate_name.go).

import { HawserError } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import { byteLength } from '../go/strings.ts';

const VALID = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const MAX_LENGTH = 53;

/** Throws `InvalidInput` with Helm's text for a name that no release may have. */
export function validateReleaseName(name: string): void {
  if (name === '') throw refused(name, 'no name provided');
  if (byteLength(name) > MAX_LENGTH || !VALID.test(name)) {
    const rule = `must match regex ${VALID.source} and the length must not be longer than ${MAX_LENGTH}`;
    throw refused(name, `invalid release name, ${rule}`);
  }
}

function refused(name: string, reason: string): HawserError {
  return new HawserError('InvalidInput', `release name ${quote(name)}: ${reason}`);
}
