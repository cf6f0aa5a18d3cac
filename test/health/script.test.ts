import { describe, expect, it } from 'vitest';
import { parseArgoSettings } from '../../src/application/argo-settings.ts';
import { createHealthCheck } from '../../src/health/health.ts';
import type { KubeObject } from '../../src/kube/object.ts';

const widget = (status?: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w', ...metadata },
  ...(status && { status }),
});

/** The check that argocd-cm with this data makes. */
function checkOf(data: Record<string, string>) {
  const { healthCustomizations } = parseArgoSettings(data);
  return createHealthCheck(healthCustomizations, () => new Date('2024-01-02T03:04:05Z'));
}

const scripted = (lua: string, useOpenLibs = false) =>
  checkOf({
    'resource.customizations.health.example.com_Widget': lua,
    ...(useOpenLibs && { 'resource.customizations.useOpenLibs.example.com_Widget': 'true' }),
  });

const READY = `
hs = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for i, condition in ipairs(obj.status.conditions) do
    if condition.type == "Ready" and condition.status == "False" then
      hs.status = "Degraded"
      hs.message = condition.message
      return hs
    end
    if condition.type == "Ready" and condition.status == "True" then
      hs.status = "Healthy"
      hs.message = condition.message
      return hs
    end
  end
end
hs.status = "Progressing"
hs.message = "Waiting for " .. obj.kind .. " " .. obj.metadata.name
return hs
`;

const ready = (status: string) => [
  { type: 'Other', status: 'True' },
  { type: 'Ready', status, message: `is ${status}` },
];

describe('a health script of argocd-cm', () => {
  it.each([
    ['an object without a status', widget(), { status: 'Progressing', message: 'Waiting for Widget w' }],
    ['a condition that is True', widget({ conditions: ready('True') }), { status: 'Healthy', message: 'is True' }],
    ['a condition that is False', widget({ conditions: ready('False') }), { status: 'Degraded', message: 'is False' }],
  ])('judges %s', (_, object, expected) => {
    expect(scripted(READY)(object)).toEqual(expected);
  });

  it('sees texts as they are, in any alphabet', () => {
    const check = scripted('return {status = "Healthy", message = obj.status.note .. " → " .. #obj.status.note}');
    expect(check(widget({ note: 'готово' }))).toEqual({ status: 'Healthy', message: 'готово → 12' });
  });

  it('leaves an object that is being deleted to Kubernetes', () => {
    expect(
      scripted(READY)(widget({ conditions: ready('True') }, { deletionTimestamp: '2024-01-01T00:00:00Z' })),
    ).toEqual({ status: 'Progressing', message: 'Pending deletion' });
  });

  it.each([
    ['nothing', 'return nil', undefined],
    ['no value at all', 'local x = 1', undefined],
    ['an empty table', 'return {}', undefined],
    ['a message that is no text', 'return {status = "Healthy", message = 5}', undefined],
    ['a status alone', 'return {status = "Suspended"}', { status: 'Suspended' }],
    ['fields in other cases', 'return {Status = "Healthy", MESSAGE = "m"}', { status: 'Healthy', message: 'm' }],
    ['several values, of which the last counts', 'return 1, {status = "Healthy"}', { status: 'Healthy' }],
    [
      'a status that is none',
      'return {status = "Fine"}',
      { status: 'Unknown', message: 'Lua returned an invalid health status' },
    ],
    ['no status', 'return {message = "m"}', { status: 'Unknown', message: 'Lua returned an invalid health status' }],
    ['a text', 'return "Healthy"', { status: 'Unknown', message: 'expect table output from Lua script, not string' }],
  ])('may return %s', (_, lua, expected) => {
    expect(scripted(lua)(widget({}))).toEqual(expected);
  });

  it.each([
    [
      'that asks nothing for a field',
      'local hs = {}\nhs.status = obj.status.conditions.missing.field\nreturn hs',
      "<string>:2: attempt to index a non-table object(nil) with key 'field'",
    ],
    ['that cannot be read', 'return {status = = 1}', "<string> line:1(column:18) near '=':   syntax error\n"],
    ['that fails on purpose', 'error("not yet")', '<string>:1: not yet'],
    ['that never ends', 'while true do end', '<string>:1: context deadline exceeded'],
    [
      'that needs libraries which it was not given',
      'return {status = "Healthy", message = string.upper("x")}',
      "<string>:1: attempt to index a non-table object(nil) with key 'upper'",
    ],
  ])('%s makes the object Unknown, with the reason', (_, lua, message) => {
    expect(scripted(lua)(widget({ conditions: {} }))).toEqual({ status: 'Unknown', message });
  });

  it('has the libraries that useOpenLibs gives it, and the time', () => {
    const lua = 'return {status = "Healthy", message = string.format("%s %d", os.date("%F"), math.floor(1.5))}';
    expect(scripted(lua, true)(widget({}))).toEqual({ status: 'Healthy', message: '2024-01-02 1' });
  });

  it('of one object says nothing of another: each runs with globals of its own', () => {
    const check = scripted('count = (count or 0) + 1 return {status = "Healthy", message = tostring(count)}');
    expect([check(widget({})), check(widget({}))].map((found) => found?.message)).toEqual(['1', '1']);
  });
});

describe('the script for a kind', () => {
  const say = (message: string) => `return {status = "Healthy", message = "${message}"}`;
  const deployment: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } };
  const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } };
  const certificate: KubeObject = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'c' } };

  it.each([
    ['by group and kind', { 'resource.customizations.health.example.com_Widget': say('own') }, widget(), 'own'],
    ['of the core group, by kind alone', { 'resource.customizations.health.Pod': say('core') }, pod, 'core'],
    [
      'in place of a built-in check',
      { 'resource.customizations.health.apps_Deployment': say('mine') },
      deployment,
      'mine',
    ],
    [
      "in place of Argo CD's own script",
      { 'resource.customizations.health.cert-manager.io_Certificate': say('ours') },
      certificate,
      'ours',
    ],
    [
      'by a pattern for the group',
      { 'resource.customizations': `"*.com/*":\n  health.lua: |\n    ${say('any')}` },
      widget(),
      'any',
    ],
    [
      'by its name before a pattern',
      {
        'resource.customizations': `"*/*":\n  health.lua: |\n    ${say('any')}`,
        'resource.customizations.health.example.com_Widget': say('own'),
      },
      widget(),
      'own',
    ],
    ['for all', { 'resource.customizations.health.all': say('all') }, deployment, 'all'],
  ])('is found %s', (_, data, object, message) => {
    expect(checkOf(data)(object)).toEqual({ status: 'Healthy', message });
  });

  it('for all does not mean the core group, whose keys have no slash', () => {
    expect(checkOf({ 'resource.customizations.health.all': say('all') })(pod)).toEqual({ status: 'Unknown' });
  });
});
