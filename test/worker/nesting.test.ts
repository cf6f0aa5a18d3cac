// Templates inside templates in workerd, whose stack is no larger than Node's.

import { resolve } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerBuiltins } from '../../src/node/worker-builtins.ts';
import { ALL_WAYS, INCLUDES, INCLUDES_TEXT } from '../render/helm/nesting-charts.ts';

const WORKER = `
  import { loadChart, memoryTree, mergeValueSources, renderChart } from './src/library/helm.ts';

  const environment = { now: () => Date.now(), random: (length) => crypto.getRandomValues(new Uint8Array(length)) };

  export default {
    async fetch(request) {
      const { template, set } = await request.json();
      const files = { 'Chart.yaml': 'apiVersion: v2\\nname: demo\\nversion: 0.1.0\\n', 'templates/a.yaml': template };
      const values = mergeValueSources({ set: [set] }, () => new Uint8Array());
      const chart = loadChart(memoryTree(files), '');
      try {
        return new Response(renderChart({ chart, values, release: { name: 'rel', namespace: 'ns' }, environment }).text);
      } catch (error) {
        return new Response(error.message);
      }
    },
  };
`;

describe('in workerd', () => {
  let miniflare: Miniflare;
  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: WORKER, resolveDir: resolve(import.meta.dirname, '../..'), loader: 'ts' },
      bundle: true,
      format: 'esm',
      target: 'es2024',
      conditions: ['workerd', 'worker'],
      external: ['node:*'],
      plugins: [workerBuiltins],
      write: false,
    });
    miniflare = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-07-01',
      compatibilityFlags: ['nodejs_compat'],
      cf: false,
    });
  });
  afterAll(() => miniflare.dispose());

  const render = async (template: string, set: string) => {
    const response = await miniflare.dispatchFetch('http://worker/', {
      method: 'POST',
      body: JSON.stringify({ template, set }),
    });
    return response.text();
  };

  it('1,000 includes inside one another give what helm gives', async () => {
    expect(await render(INCLUDES, 'levels=1000')).toBe(INCLUDES_TEXT);
  });

  it('so do thousands of templates that enter one another in every way', async () => {
    expect(await render(ALL_WAYS, 'levels=990,k=6')).toContain('%!s(int64=990)yes"\nw: "ok"\n');
  });

  it('an include that never ends itself ends with Helm’s error', async () => {
    expect(await render(INCLUDES, 'levels=1001')).toMatch(
      /rendering template has a nested reference name: down: unable to execute template$/,
    );
  });

  it.each([
    ['tpl', '{{ $s := "{{ tpl .s . }}" }}{{ tpl $s (dict "s" $s) }}'],
    ['template', '{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}'],
  ])('a %s that never ends itself ends with Go’s error, and the worker goes on', async (_, template) => {
    expect(await render(template, 'levels=1')).toMatch(/exceeded maximum template depth \(100000\)$/);
    expect(await render(INCLUDES, 'levels=1000')).toBe(INCLUDES_TEXT);
  });
});
