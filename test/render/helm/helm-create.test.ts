import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templateCommand } from '../../../src/cli/template.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { captureIo } from '../../support/captured-io.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/helm-create');
const CASES: { name: string; args: string[] }[] = JSON.parse(readFileSync(join(FIXTURES, 'cases.json'), 'utf8'));

describe('charts as `helm create` makes them', () => {
  it.each(CASES)('prints what helm template prints: $name', async ({ name, args }) => {
    const { io, output } = captureIo(FIXTURES, { KUBECONFIG: '/dev/null' });
    const exit = await templateCommand(args, io, diskTree);
    const { stdout, stderr } = output();
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(join(FIXTURES, 'expected', `${name}.yaml`), 'utf8'));
  });
});
