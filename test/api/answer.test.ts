// Errors over the API: what each is to HTTP and to gRPC, whatever threw it.

import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../src/api/answer.ts';
import { type ErrorCode, HawserError } from '../../src/base/errors.ts';
import { refusal } from '../../src/kube/refusal.ts';

describe('an error', () => {
  it.each<[ErrorCode, number, number]>([
    ['InvalidInput', 400, 3],
    ['FailedPrecondition', 400, 9],
    ['Unauthenticated', 401, 16],
    ['Forbidden', 403, 7],
    ['NotFound', 404, 5],
    ['Conflict', 409, 10],
    ['AlreadyExists', 409, 6],
    ['TooMany', 429, 8],
    ['Unsupported', 501, 12],
    ['Unavailable', 503, 14],
    ['Timeout', 504, 4],
    ['Internal', 500, 13],
  ])('%s is %i and code %i', (code, status, number) => {
    expect(errorAnswer(new HawserError(code, 'why'))).toEqual({ status, code: number, message: 'why' });
  });

  it('tells what to do in its message and by itself', () => {
    const error = new HawserError('InvalidInput', 'no', { hint: 'do that' });
    expect(errorAnswer(error)).toEqual({ status: 400, code: 3, message: 'no (do that)', hint: 'do that' });
  });

  it('that nobody has foreseen is not shown', () => {
    const { status, code, message } = errorAnswer(new Error('the password is 1234'));
    expect([status, code]).toEqual([500, 13]);
    expect(message).not.toContain('1234');
  });
});

describe('what the API server says', () => {
  it.each([
    [400, 'BadRequest', 400, 9],
    [403, 'Forbidden', 403, 7],
    [404, 'NotFound', 404, 5],
    [404, 'UnknownKind', 404, 5],
    [409, 'Conflict', 409, 10],
    [409, 'AlreadyExists', 409, 6],
    [413, 'RequestEntityTooLarge', 413, 8],
    [422, 'Invalid', 400, 3],
    [429, 'TooManyRequests', 429, 8],
    [503, 'ServiceUnavailable', 503, 14],
    [504, 'Timeout', 504, 4],
    // It does not know hawser, which says nothing of whoever asks.
    [401, 'Unauthorized', 502, 14],
    [500, 'InternalError', 502, 14],
  ])('%i %s is passed on as %i and code %i', (given, reason, status, code) => {
    expect(errorAnswer(refusal(given, reason, 'the reason'))).toEqual({ status, code, message: 'the reason' });
  });
});
