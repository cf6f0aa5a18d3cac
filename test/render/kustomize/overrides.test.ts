import { describe, expect, it } from 'vitest';
import { parseImage } from '../../../src/render/kustomize/overrides.ts';
import { build, configMap, deployment, type Files, failureOf } from './build.ts';

const FILES: Files = {
  'kustomization.yaml': `resources: [app.yaml]
commonLabels: {team: red}
images: [{name: nginx, newName: mirror/nginx}]
`,
  'app.yaml': deployment('app', 'nginx:1'),
  'more/kustomization.yaml': 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nresources: [cm.yaml]\n',
  'more/cm.yaml': configMap('more'),
};

describe("an Application's kustomize block", () => {
  it.each([
    [
      'sets prefix, suffix and namespace',
      { namePrefix: 'a-', nameSuffix: '-z', namespace: 'ns' },
      ['name: a-app-z', 'namespace: ns'],
    ],
    ['replaces an image of the same name', { images: ['nginx:2'] }, ['image: nginx:2']],
    ['renames an image', { images: ['nginx=other:3'] }, ['image: other:3']],
    ['keeps a new name with an asterisk', { images: ['nginx=*:4'] }, ['image: mirror/nginx:4']],
    ['sets replicas, also from text', { replicas: [{ name: 'app', count: '5' }] }, ['replicas: 5']],
    ['adds labels', { commonLabels: { a: 'b' } }, ['      a: b\n      team: red']],
    ['replaces labels by force', { commonLabels: { team: 'blue' }, forceCommonLabels: true }, ['team: blue']],
    [
      'adds labels without selectors',
      { commonLabels: { a: 'b' }, labelWithoutSelector: true },
      ['    a: b\n    team: red\n  name', '    matchLabels:\n      team: red\n  template'],
    ],
    ['adds annotations', { commonAnnotations: { a: 'b' } }, ['annotations:\n    a: b']],
    [
      'appends patches',
      { patches: [{ target: { kind: 'Deployment' }, patch: '- {op: add, path: /spec/paused, value: true}' }] },
      ['paused: true'],
    ],
    ['adds components', { components: ['more'] }, ['name: more']],
    [
      'leaves out components that are not there',
      { components: ['gone'], ignoreMissingComponents: true },
      ['name: app'],
    ],
  ])('%s', (_, overrides, expected) => {
    const output = build(FILES, '', { overrides });
    for (const text of expected) expect(output).toContain(text);
  });

  it.each([
    ['a label that is there', { commonLabels: { team: 'blue' } }, /has the label 'team' already/],
    ['an image without anything new', { images: ['nginx'] }, /neither a new name nor a tag/],
    ['a count that is no number', { replicas: [{ name: 'app', count: 'many' }] }, /whole number/],
    [
      'templates without labelWithoutSelector',
      { commonLabels: { a: 'b' }, labelIncludeTemplates: true },
      /only with labelWithoutSelector/,
    ],
    ['a component that is not there', { components: ['gone'] }, /gone/],
    ['an unknown field of a patch', { patches: [{ paht: 'x' }] }, /unknown field/],
  ])('refuses %s', (_, overrides, message) => {
    expect(failureOf(FILES, '', { overrides })).toMatch(message);
  });

  it.each([
    ['a:1', { name: 'a', newName: '', newTag: '1', digest: '' }],
    ['a@sha256:f', { name: 'a', newName: '', newTag: '', digest: 'sha256:f' }],
    ['a=b', { name: 'a', newName: 'b', newTag: '', digest: '' }],
    ['h:5000/a=h:5000/b:1', { name: 'h:5000/a', newName: 'h:5000/b', newTag: '1', digest: '' }],
  ])('reads the image %s', (text, image) => {
    expect(parseImage(text)).toMatchObject(image);
  });
});
