import { describe, expect, it } from 'vitest';
import { parseCondition } from '../../../src/sandbox/admission/condition.ts';

const variables = {
  object: {
    metadata: { name: 'web', annotations: { 'a/b': 'x' }, labels: {} },
    spec: { replicas: 3, ports: [80, 443] },
  },
  oldObject: null,
  request: { operation: 'CREATE', userInfo: { username: 'system:admin', groups: ['system:masters'] }, dryRun: false },
};

describe('a condition of a webhook', () => {
  it.each<[string, unknown]>([
    ['true', true],
    ['!false && (false || true)', true],
    ["object.metadata.name == 'web'", true],
    ['object.metadata.name != "web"', false],
    [String.raw`'it\'s' == "it's"`, true],
    ["request.userInfo.username == 'system:admin' ? request.dryRun : true", false],
    ['object == null', false],
    ['oldObject == null', true],
    ['object != oldObject', true],
    ["object.metadata.annotations['a/b'] == 'x'", true],
    ["'a/b' in object.metadata.annotations", true],
    ["'c' in object.metadata.annotations", false],
    ['80 in object.spec.ports', true],
    ["request.operation in ['CREATE', 'UPDATE']", true],
    ['request.operation in []', false],
    ['has(object.metadata.annotations)', true],
    ['has(object.metadata.finalizers)', false],
    ['has((object != null ? object : oldObject).spec.replicas)', true],
    ['object.spec.replicas >= 3 && object.spec.replicas < 4', true],
    ['object.spec.ports[1] > 400', true],
    ['size(object.spec.ports) == 2', true],
    ["object.metadata.name.startsWith('w') && object.metadata.name.endsWith('b')", true],
    ["request.userInfo.username.contains('admin')", true],
    ["object.none == 'x' || true", true],
    ["object.none == 'x' && false", false],
    ["'1' == 1", false],
  ])('%s is %s', (expression, value) => {
    expect(parseCondition(expression)(variables)).toBe(value);
  });

  it.each<[string, string]>([
    ["object.none == 'x'", 'no such key: none'],
    ['has(oldObject.metadata)', 'no such key: metadata'],
    ['oldObject.metadata.name == object.metadata.name', 'no such key: metadata'],
    ['object.metadata.name && true', 'no such overload'],
    ['object.spec.ports[2] == 1', 'no such key: 2'],
    ["'a' < 1", 'no such overload'],
  ])('%s has no value: %s', (expression, message) => {
    expect(() => parseCondition(expression)(variables)).toThrow(message);
  });

  it.each<[string, string]>([
    ['', 'the end stands where a value is expected'],
    ['object ==', 'the end stands where a value is expected'],
    ['(object == null', 'the end stands where ) is expected'],
    ['object == null)', ') stands where the end is expected'],
    ['authorizer.allowed()', 'no variable or function authorizer'],
    ["object.metadata.name.matches('^w')", 'no function matches'],
    ['object.spec.ports.all(p, p > 1)', 'no function all'],
    ['has(object)', ') stands where . is expected'],
    ['1.5 < 2', 'cannot read "1.5 < 2"'],
    ['object - 1', 'cannot read "- 1"'],
    [String.raw`'\q' == ''`, String.raw`no escape \q`],
  ])('%s is refused: %s', (expression, message) => {
    expect(() => parseCondition(expression)).toThrow(message);
  });
});
