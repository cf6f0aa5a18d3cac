import { describe, expect, it } from 'vitest';
import { readIndexFile } from '../../src/charts/index-file.ts';

const read = (text: string, chart = 'web') =>
  readIndexFile(new TextEncoder().encode(text), 'https://example.com/index.yaml').entries(chart);

const DIGEST = 'a'.repeat(64);
const entry = (version: string) =>
  `  - name: web\n    version: ${version}\n    urls:\n    - web-${version}.tgz\n    digest: ${DIGEST}\n`;
const indented = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));
const versions = (text: string, chart?: string) => read(text, chart).map(({ version }) => version);

describe('an index of charts', () => {
  it.each<[title: string, text: string, expected: string[]]>([
    [
      'as Helm writes it',
      `apiVersion: v1\nentries:\n  api:\n  - version: 9.0.0\n    urls: [a]\n  web:\n${entry('1.0.0')}${entry('2.0.0')}generated: x\n`,
      ['2.0.0', '1.0.0'],
    ],
    [
      'with another chart after it',
      `apiVersion: v1\nentries:\n  web:\n${entry('1.0.0')}  web-2:\n${entry('3.0.0')}`,
      ['1.0.0'],
    ],
    ['with more indentation', `apiVersion: v1\nentries:\n    web:\n${indented(entry('1.0.0'), 4)}`, ['1.0.0']],
    ['with indented lists', `apiVersion: v1\nentries:\n  web:\n${indented(entry('1.0.0'), 2)}  x: []\n`, ['1.0.0']],
    [
      'with blank lines, comments and texts',
      `apiVersion: v1\nentries:\n  # charts\n  web:\n\n${entry('1.0.0')}    description: |\n      a\n\n      web:\n\n${entry('1.1.0')}`,
      ['1.1.0', '1.0.0'],
    ],
    [
      'in a text of another chart',
      `apiVersion: v1\nentries:\n  api:\n  - version: 1.0.0\n    description: |\n        web:\n${indented(entry('5.0.0'), 8)}  web:\n${entry('1.0.0')}`,
      ['1.0.0'],
    ],
    ['with anchors', `apiVersion: v1\nentries:\n  api: &api\n${entry('1.0.0')}  web: *api\n`, ['1.0.0']],
    [
      'with aliases inside',
      `apiVersion: v1\nx: &x [web.tgz]\nentries:\n  web:\n  - version: 1.0.0\n    urls: *x\n`,
      ['1.0.0'],
    ],
    ['with a quoted name', `apiVersion: v1\nentries:\n  "web":\n${entry('1.0.0')}`, ['1.0.0']],
    ['as JSON', JSON.stringify({ apiVersion: 'v1', entries: { web: [{ version: '1.0.0', urls: ['x'] }] } }), ['1.0.0']],
    [
      'with lines of Windows',
      `apiVersion: v1\nentries:\n  web:\n${entry('1.0.0')}`.replaceAll('\n', '\r\n'),
      ['1.0.0'],
    ],
    ['without the chart', 'apiVersion: v1\nentries:\n  api: []\n', []],
    ['with nothing', 'apiVersion: v1\nentries: {}\n', []],
    [
      'with versions that are none',
      `apiVersion: v1\nentries:\n  web:\n${entry('latest')}${entry('1.0.0')}  - urls: [x]\n  - version: 2.0.0\n  - null\n`,
      ['1.0.0'],
    ],
  ])('%s is read', (_, text, expected) => {
    expect(versions(text)).toEqual(expected);
  });

  it('gives URL and digest', () => {
    expect(read(`apiVersion: v1\nentries:\n  web:\n${entry('1.0.0')}`)).toEqual([
      { version: '1.0.0', url: 'web-1.0.0.tgz', digest: DIGEST },
    ]);
  });

  it('knows no chart that every object has', () => {
    expect(versions('{"apiVersion": "v1", "entries": {}}', 'constructor')).toEqual([]);
  });

  it.each([
    ['a page', '<html>'],
    ['nothing', ''],
    ['a list', '- a\n'],
    ['no version', 'entries: {}\n'],
    ['broken YAML', 'apiVersion: v1\nentries: [\n'],
  ])('that is %s is refused', (_, text) => {
    expect(() => versions(text)).toThrow(expect.objectContaining({ code: 'ChartFailed' }));
  });
});
