import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HawserError } from '../../src/base/errors.ts';
import { flag, listOf, optional, record, text } from '../../src/webhook/payload.ts';
import { PROVIDERS } from '../../src/webhook/providers.ts';

describe('reading a payload', () => {
  const read = record({ name: text, isOn: flag, tags: listOf(text), owner: optional(record({ login: text })) });

  it.each([
    [{}, { name: '', isOn: false, tags: [], owner: undefined }],
    [null, { name: '', isOn: false, tags: [], owner: undefined }],
    [
      { name: null, isOn: null, tags: null, owner: null },
      { name: '', isOn: false, tags: [], owner: undefined },
    ],
    [
      { name: 'a', isOn: true, tags: ['b', null], owner: {}, more: 1 },
      { name: 'a', isOn: true, tags: ['b', ''], owner: { login: '' } },
    ],
  ])('takes what is missing or null as empty, as Go does: %j', (value, expected) => {
    expect(read(value, '')).toEqual(expected);
  });

  it.each([
    [[], "the webhook payload's JSON is a list, not an object"],
    ['x', "the webhook payload's JSON is a string, not an object"],
    [{ name: 1 }, "the webhook payload's name is a number, not a text"],
    [{ isOn: 'yes' }, "the webhook payload's isOn is a string, not true or false"],
    [{ tags: {} }, "the webhook payload's tags is an object, not a list"],
    [{ tags: ['a', 1] }, "the webhook payload's tags[1] is a number, not a text"],
    [{ owner: { login: [] } }, "the webhook payload's owner.login is a list, not a text"],
  ])('refuses another type by its place: %j', (value, message) => {
    expect(() => read(value, '')).toThrow(message);
  });
});

describe.each(PROVIDERS.map((provider) => [provider.name, provider] as const))('the payload of %s', (_, provider) => {
  const headers = new Headers({
    'x-github-event': 'push',
    'x-gitlab-event': 'System Hook',
    [`x-${provider.name}-event`]: 'push',
  });
  const key = fc.constantFrom(
    ...['ref', 'after', 'repository', 'project', 'push', 'changes', 'new', 'name', 'links', 'html', 'href', 'clone'],
    ...[
      'resource',
      'refUpdates',
      'eventType',
      'event_name',
      'object_kind',
      'type',
      'event_data',
      'resources',
      'action',
    ],
  );
  const leaf = fc.oneof(
    fc.constantFrom<unknown>('git.push', 'push', 'PUSH_ARTIFACT', 'published', 'refs/heads/main', 'https://x/y'),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  }));

  it('becomes pushes with an address and a ref, is ignored, or is refused by name, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(value, async (payload) => {
        try {
          const parsed = await provider.parse(headers, payload);
          if ('ignored' in parsed) return;
          for (const push of parsed.pushes) {
            if (push.kind === 'git') expect([...push.webUrls, ...push.otherUrls, push.ref]).not.toContain('');
            expect(push.key).toMatch(/^[0-9a-f]{40}$/);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(HawserError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
