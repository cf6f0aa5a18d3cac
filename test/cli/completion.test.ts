import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionCommand } from '../../src/cli/completion.ts';
import type { CommandIo } from '../../src/cli/io.ts';
import { prepareProgram, runProgram } from '../../src/cli/parse-command.ts';
import { captureIo } from '../support/captured-io.ts';

const commands = {
  app: async (args: readonly string[], io: CommandIo) => {
    const program = prepareProgram(new Command('hawser app'), io).option('--server <url>', 'where');
    program.command('sync <name>').option('--prune', 'remove').option('-o, --output <format>', 'form');
    program.command('actions').command('list <name>');
    return (await runProgram(program, args)) ?? 0;
  },
  template: async (_: readonly string[], io: CommandIo) => {
    io.stdout('flags:\n  -f, --values file\n      --set key=value, not --bogus-less\n');
    return 0;
  },
};

async function script(shell: string): Promise<string> {
  const { io, output } = captureIo('/');
  expect(await completionCommand([shell], io, commands)).toBe(0);
  return output().stdout;
}

/** What bash would offer after these words; the last one is being typed. */
async function offered(...words: string[]): Promise<readonly string[]> {
  const driver = `
hawser() { [ "$1 $2 $3 $4" = 'app list -o name' ] && echo 'web worker'; }
${await script('bash')}
COMP_WORDS=(hawser ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_hawser; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', driver], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('hawser completion', () => {
  it.each([
    [[''], ['app', 'template']],
    [['t'], ['template']],
    [
      ['app', ''],
      ['sync', 'actions'],
    ],
    [
      ['app', '--'],
      ['--server', '--help'],
    ],
    [['app', '--server', 'x', 's'], ['sync']],
    [['app', 'sync', '--p'], ['--prune']],
    [['app', 'sync', '--o'], ['--output']],
    [
      ['app', 'sync', 'w'],
      ['web', 'worker'],
    ],
    [['app', 'actions', ''], ['list']],
    [['template', '--s'], ['--set']],
  ])('offers after %j in bash: %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it('has the same for zsh and fish', async () => {
    expect(await script('zsh')).toMatch(/^#compdef hawser\n[\s\S]*compdef _hawser hawser/);
    const fish = await script('fish');
    expect(fish).toContain(`complete -c hawser -f -n "__hawser_at 'app'" -a 'sync actions'\n`);
    expect(fish).toContain(`complete -c hawser -n "__hawser_at 'app sync'" -l 'prune'\n`);
  });

  it('refuses other shells', async () => {
    const { io, output } = captureIo('/');
    expect(await completionCommand(['tcsh'], io, commands)).toBe(2);
    expect(output().stderr).toContain('tcsh');
  });
});
