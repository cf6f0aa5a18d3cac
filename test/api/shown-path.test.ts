import { expect, it } from 'vitest';
import { shownPath } from '../../src/api/shown-path.ts';

const encode = encodeURIComponent;

it.each([
  [
    'a user and a password',
    `/r/${encode('https://kim:s3cr%t@git.example.com/a')}/refs`,
    `/r/${encode('https://git.example.com/a')}/refs`,
  ],
  ['a token', `/r/${encode('https://s3cret@git.example.com/a@b')}`, `/r/${encode('https://git.example.com/a@b')}`],
  [
    'a password with an @',
    `/r/${encode('https://kim:a@b@git.example.com')}`,
    `/r/${encode('https://git.example.com')}`,
  ],
  ['none', `/r/${encode('https://git.example.com/a@b')}`, `/r/${encode('https://git.example.com/a@b')}`],
  ['no address', '/api/v1/applications/a@b', '/api/v1/applications/a@b'],
])('shows an address with %s without them', (_, path, shown) => {
  expect(shownPath(path)).toBe(shown);
});
