// service.slack: a message in a channel (notifications-engine: pkg/services/slack.go; Slack: chat.postMessage, chat.update).

import { HawserError, messageOf } from '../base/errors.ts';
import { at, stringAt } from '../base/json.ts';
import type { ConnectedFetch } from '../platform.ts';
import { post, refusal } from './post.ts';
import type { Send } from './services.ts';

const API = 'https://slack.com/api/';

/** The first message of a group, to which the others are replies; as long as the process lives, as in Argo CD. */
const threads = new Map<string, { readonly channel: string; readonly time: string }>();
const MOST_THREADS = 1_000;

/** Passing: Slack is full, or has a fault. */
const PASSING: ReadonlySet<string> = new Set([
  ...['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'],
]);

export const sendToSlack: Send = async ({ fetch, message, service, recipient, options, signal }) => {
  const { parts, text } = message;
  const text_ = (name: string) => stringAt(parts, name) ?? stringAt(options, name) ?? '';
  const icon = text_('icon');
  const body = {
    text,
    ...(text_('username') !== '' && { username: text_('username') }),
    ...(/^:.+:$/.test(icon) && { icon_emoji: icon }),
    ...(/^https?:\/\//.test(icon) && { icon_url: icon }),
    ...jsonPart(parts, 'attachments'),
    ...jsonPart(parts, 'blocks'),
    ...(options.disableUnfurl === true && { unfurl_links: false, unfurl_media: false }),
  };
  const url = stringAt(options, 'apiURL') || API;
  const call = (method: string, more: Record<string, unknown>) =>
    callSlack({ fetch, service, signal, url, options }, method, { ...body, ...more });
  const group = stringAt(parts, 'groupingKey') ?? '';
  const key = JSON.stringify([url, recipient, group]);
  const thread = group === '' ? undefined : threads.get(key);
  const policy = stringAt(parts, 'deliveryPolicy') ?? 'Post';
  if (!thread || policy !== 'Update') {
    const reply = thread && {
      thread_ts: thread.time,
      ...(parts.notifyBroadcast === true && { reply_broadcast: true }),
    };
    const posted = await call('chat.postMessage', { channel: recipient, ...reply });
    const [channel, time] = [stringAt(posted, 'channel'), stringAt(posted, 'ts')];
    if (group !== '' && !thread && channel && time) remember(key, { channel, time });
  }
  if (thread && policy !== 'Post') await call('chat.update', { channel: thread.channel, ts: thread.time });
};

function remember(key: string, thread: { readonly channel: string; readonly time: string }): void {
  threads.set(key, thread);
  const [oldest] = threads.keys();
  if (threads.size > MOST_THREADS && oldest !== undefined) threads.delete(oldest);
}

interface Call {
  readonly fetch: ConnectedFetch;
  readonly service: string;
  readonly signal: AbortSignal;
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Slack answers 200 to what it refuses, too: `{"ok": false, "error": "invalid_auth"}`. */
async function callSlack(
  { fetch, service, signal, url, options }: Call,
  method: string,
  body: Record<string, unknown>,
): Promise<unknown> {
  const address = `${url.replace(/\/*$/, '/')}${method}`;
  const answer = await post({
    fetch,
    url: address,
    method: 'POST',
    headers: {
      authorization: `Bearer ${stringAt(options, 'token') ?? ''}`,
      'content-type': 'application/json; charset=utf-8',
      accept: 'application/json',
    },
    body: JSON.stringify(body),
    insecure: options.insecureSkipVerify === true,
    signal,
  });
  if (answer.status < 200 || answer.status > 299) throw refusal(service, address, answer);
  const said = parse(answer.text);
  if (at(said, 'ok') === true) return said;
  const error = stringAt(said, 'error') ?? 'no answer in JSON';
  throw new HawserError(PASSING.has(error) ? 'Unavailable' : 'InvalidInput', `${service}: Slack refuses: ${error}`);
}

/** A text in JSON, as in Argo CD's templates, or a list already. */
function jsonPart(parts: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const value = parts[name];
  if (value === undefined || value === '') return {};
  if (typeof value !== 'string') return { [name]: value };
  try {
    return { [name]: JSON.parse(value) };
  } catch (error) {
    throw new HawserError('InvalidInput', `${name} of the Slack template is no JSON: ${messageOf(error)}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
