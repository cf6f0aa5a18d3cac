import { describe, expect, it } from 'vitest';
import { addressesAtAliases, parseHostAliases } from '../../src/application/host-aliases.ts';

describe('webhook.hostAliases', () => {
  it.each([
    ['', []],
    ['git.example.com=gogs.internal:3000', [['git.example.com', 'gogs.internal']]],
    [
      'Git.Example.com = x, a=b=c\nd.test=e.test',
      [
        ['a', 'b', 'c'],
        ['d.test', 'e.test'],
      ],
    ],
    ['https://git.example.com/=http://gogs:3000', [['git.example.com', 'gogs']]],
    ['alone,=', []],
  ])('%j names servers', (text, expected) => {
    expect(parseHostAliases(text)).toEqual(expected);
  });

  it.each([
    ['https://git.example.com/devops/app', ['https://gogs.internal/devops/app']],
    ['http://Git.Example.com:8080/devops/app.git', ['http://gogs.internal/devops/app.git']],
    ['ssh://git@gogs.internal:2222/devops/app', ['ssh://git@git.example.com/devops/app']],
    ['git@gogs.internal:devops/app', ['git@git.example.com:devops/app']],
    ['https://elsewhere.example.com/devops/app', []],
  ])('%s is also at its other names', (address, expected) => {
    expect(addressesAtAliases([address], parseHostAliases('git.example.com=gogs.internal:3000'))).toEqual(expected);
  });
});
