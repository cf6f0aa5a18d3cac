import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templateCommand } from '../../../src/cli/template.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/helm-create');
const CASES: { name: string; args: string[] }[] = JSON.parse(readFileSync(join(FIXTURES, 'cases.json'), 'utf8'));

describe('charts as `helm create` makes them', () => {
  it.each(CASES)('prints what helm template prints: $name', async ({ name, args }) => {
    let stdout = '';
    let stderr = '';
    const exit = await templateCommand(
      args,
      {
        stdout: (text) => {
          stdout += text;
        },
        stderr: (text) => {
          stderr += text;
        },
        cwd: FIXTURES,
        env: { KUBECONFIG: '/dev/null' },
      },
      diskTree,
    );
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(join(FIXTURES, 'expected', `${name}.yaml`), 'utf8'));
  });
});
