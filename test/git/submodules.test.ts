import { describe, expect, it } from 'vitest';
import { parseConfigFile } from '../../src/git/config-file.ts';
import { httpsAddressOf } from '../../src/git/ssh-address.ts';
import { parseModules, resolveSubmoduleUrl } from '../../src/git/submodules.ts';

describe('a file in the form of Git’s configuration', () => {
  it.each([
    ['[a]\n\tb = c\n', [['a', '', 'b', 'c']]],
    ['[A "Sub.X"]\nKey=value # said\n', [['a', 'Sub.X', 'key', 'value']]],
    ['[a "q\\"uote"]\nb = "x # y ; z"\n', [['a', 'q"uote', 'b', 'x # y ; z']]],
    ['[a] b = c\n', [['a', '', 'b', 'c']]],
    ['; said\n# said\n[a]\nflag\n', [['a', '', 'flag', 'true']]],
    ['[a]\r\nb = one \\\r\ntwo\r\n', [['a', '', 'b', 'one two']]],
    ['[a]\nb = "tab\\t" end  \n', [['a', '', 'b', 'tab\t end']]],
    ['\uFEFF[a]\nb = c', [['a', '', 'b', 'c']]],
    ['no section\n[broken\n= x\n', []],
  ])('is read from %j', (text, expected) => {
    const found = parseConfigFile(text);
    expect(found.map(({ section, subsection, key, value }) => [section, subsection, key, value])).toEqual(expected);
  });
});

describe('.gitmodules', () => {
  it('names submodules by their path', () => {
    const text = `[submodule "one"]\n\tpath = libs/one/\n\turl = ../one.git\n\tbranch = main\n[submodule "two"]\n\tpath = two\n\turl = https://example.com/two\n\tupdate = none\n[submodule "no url"]\n\tpath = three\n`;
    expect([...parseModules(text)]).toEqual([
      ['libs/one', { url: '../one.git', isFollowed: true }],
      ['two', { url: 'https://example.com/two', isFollowed: false }],
    ]);
  });

  it.each([
    ['../lib.git', 'https://git.example.com/team/app.git', 'https://git.example.com/team/lib.git'],
    ['../lib.git', 'https://git.example.com/team/app/', 'https://git.example.com/team/lib.git'],
    ['../../other/lib', 'http://git.example.com:3000/team/app', 'http://git.example.com:3000/other/lib'],
    ['./lib', 'https://git.example.com/team/app.git', 'https://git.example.com/team/app.git/lib'],
    ['../lib.git', 'https://user:pass@git.example.com/team/app.git', 'https://git.example.com/team/lib.git'],
    ['https://other.example.com/x.git', 'https://git.example.com/team/app', 'https://other.example.com/x.git'],
    ['git@github.com:org/lib.git', 'https://git.example.com/team/app', 'https://github.com/org/lib.git'],
    [
      'git@git.example.com:team/lib.git',
      'http://git.example.com:3000/team/app',
      'http://git.example.com:3000/team/lib.git',
    ],
  ])('resolves %s against %s', (url, parent, expected) => {
    expect(resolveSubmoduleUrl(url, parent)).toBe(expected);
  });

  it.each(['../../../lib.git', '../../..', '../..'])('refuses %s, which leads away from the host', (url) => {
    expect(() => resolveSubmoduleUrl(url, 'https://git.example.com/team/app.git')).toThrow(
      expect.objectContaining({ code: 'InvalidInput' }),
    );
  });
});

describe('the HTTPS address of an SSH address', () => {
  it.each([
    ['git@host.example.com:org/repo.git', 'https://host.example.com/org/repo.git'],
    ['git@HOST.example.com:/org/repo', 'https://host.example.com/org/repo'],
    ['ssh://git@host.example.com:22/org/repo.git', 'https://host.example.com/org/repo.git'],
    ['ssh://host.example.com/org/repo.git', 'https://host.example.com/org/repo.git'],
    ['ssh://git@host.example.com:2222/a/b/c', 'https://host.example.com/a/b/c'],
    ['ssh://git@bitbucket.example.com:7999/prj/repo.git', 'https://bitbucket.example.com/scm/prj/repo.git'],
    ['ssh://git@ssh.github.com:443/org/repo.git', 'https://github.com/org/repo.git'],
    ['git@ssh.dev.azure.com:v3/org/project/repo', 'https://dev.azure.com/org/project/_git/repo'],
    ['ssh://git@ssh.dev.azure.com/v3/org/project/repo', 'https://dev.azure.com/org/project/_git/repo'],
    ['org@vs-ssh.visualstudio.com:v3/org/project/repo', 'https://org.visualstudio.com/project/_git/repo'],
    ['ssh://git@[::1]:2222/org/repo', 'https://[::1]/org/repo'],
  ])('of %s is %s', (ssh, https) => {
    expect(httpsAddressOf(ssh)).toBe(https);
  });

  it.each(['https://user@host.example.com/org/repo', 'https://host.example.com/x', 'org/repo', 'ssh://'])(
    'is none of %s',
    (url) => {
      expect(httpsAddressOf(url)).toBeUndefined();
    },
  );
});
