// Templates inside templates, deeper than JavaScript's stack goes.

import { describe, expect, it } from 'vitest';
import { decodeMap } from '../../../src/render/helm/decode.ts';
import { loadChart } from '../../../src/render/helm/load.ts';
import { renderChart } from '../../../src/render/helm/render-chart.ts';
import { memoryTree } from '../../../src/render/tree.ts';
import { ALL_WAYS, INCLUDES, INCLUDES_TEXT } from './nesting-charts.ts';

function render(template: string, values: string): string {
  const files = { 'Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 0.1.0\n', 'templates/a.yaml': template };
  return renderChart({
    chart: loadChart(memoryTree(files), ''),
    values: decodeMap(values),
    release: { name: 'rel', namespace: 'ns' },
    environment: { now: () => 0, random: (length) => new Uint8Array(length) },
  }).text;
}

function messageOf(work: () => void): string {
  try {
    work();
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}

describe('includes inside one another', () => {
  it.each([10, 39, 40, 41, 100, 1000])('give what helm gives at %i levels', (n) => {
    expect(render(INCLUDES, `levels: ${n}`)).toBe(INCLUDES_TEXT);
  });

  it('end with Helm’s error at the 1002nd of one name, told by each level on the way', () => {
    const message = messageOf(() => render(INCLUDES, 'levels: 1001'));
    const level = (define: string, place: string, node: string) =>
      `template: demo/templates/a.yaml:${place}: executing "${define}" at <${node}>: error calling include: `;
    const down = level('down', '5:22', 'include "down" (dict "n" (sub (int $.n) 1) "items" $.items)');
    expect(message.replaceAll(down, '↓')).toBe(
      level('demo/templates/a.yaml', '13:6', 'include "down" (dict "n" .Values.levels "items" (list 1))') +
        '↓'.repeat(1001) +
        'rendering template has a nested reference name: down: unable to execute template',
    );
  });

  it.each([3, 30, 100, 990])('give what helm gives at %i levels, whatever way the templates enter one another', (n) => {
    expect(render(ALL_WAYS, `{levels: ${n}, k: 6}`)).toBe(
      `---\n# Source: demo/templates/a.yaml\nv: "yes%!s(int64=1)yes%!s(int64=2)%!s(float64=${n})yes"\nw: "ok"\n`,
    );
  });

  it('tell what fails in the depth', () => {
    const template = `{{ define "x" }}{{ if .n }}{{ include "x" (dict "n" (sub .n 1)) }}{{ else }}{{ fail "stop" }}{{ end }}{{ end }}{{ include "x" (dict "n" 200) }}`;
    expect(messageOf(() => render(template, '{}'))).toBe('execution error at (demo/templates/a.yaml:1:114): stop');
  });

  it('leave the count of a name as it was, so that the next may go as deep', () => {
    const template = `{{ define "x" }}{{ if .n }}{{ include "x" (dict "n" (sub .n 1)) }}{{ end }}{{ end }}{{ range until 3 }}{{ include "x" (dict "n" 1000) }}{{ end }}a: b`;
    expect(render(template, '{}')).toContain('\na: b\n');
  });
});

describe('{{template}} inside {{template}}', () => {
  const template = `{{ define "t" }}{{ if .n }}{{ $_ := set . "n" (sub .n 1) }}{{ template "t" . }}x{{ end }}{{ end }}v: {{ template "t" (dict "n" .Values.levels) }}`;

  it('goes thousands of levels deep', () => {
    expect(render(template, 'levels: 9000')).toContain(`v: ${'x'.repeat(9000)}\n`);
  });

  it('ends with Go’s error where it never ends itself', () => {
    expect(() => render(template, 'levels: -1')).toThrow(
      expect.objectContaining({
        code: 'LimitExceeded',
        message:
          'template: demo/templates/a.yaml:1:71: executing "t" at <{{template "t" .}}>: exceeded maximum template depth (100000)',
      }),
    );
  });
});

describe('tpl inside tpl', () => {
  it.each(['{{ tpl .Values.s . }}', '{{ define "x" }}a{{ end }}{{ tpl .Values.s . }}'])(
    'ends with an error where it never ends itself: %s',
    (text) => {
      expect(() => render('{{ tpl .Values.s . }}', `s: '${text}'`)).toThrow(
        expect.objectContaining({ code: 'LimitExceeded', data: expect.objectContaining({ limit: 'depth' }) }),
      );
    },
  );
});
