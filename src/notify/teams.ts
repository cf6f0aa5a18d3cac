// service.teams: a MessageCard for a connector; service.teams-workflows: an Adaptive Card for a workflow, which took the connectors' place
// (notifications-engine: pkg/services/teams.go, teams-workflows.go).

import { HawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import type { Message } from './message.ts';
import { post, refusal } from './post.ts';
import type { Send, Sending } from './services.ts';

export const sendToTeams: Send = async (sending) => {
  const url = addressOf(sending);
  const answer = await postJson(
    sending,
    url,
    stringAt(sending.message.parts, 'template') || JSON.stringify(cardOf(sending.message)),
  );
  // A connector answers 200 to what it could not deliver, too, and says why.
  const isDone = answer.status >= 200 && answer.status <= 299 && ['1', ''].includes(answer.text.trim());
  if (!isDone) throw refusal(sending.service, url, answer, answer.text.slice(0, 200));
};

export const sendToTeamsWorkflow: Send = async (sending) => {
  const url = addressOf(sending);
  const { parts } = sending.message;
  const own = stringAt(parts, 'template') || stringAt(parts, 'adaptiveCard');
  const isMessage = stringAt(parts, 'template') !== undefined;
  const content = own ? parseJson('adaptiveCard', own) : adaptiveCardOf(sending.message);
  const message = isMessage
    ? own
    : JSON.stringify({
        type: 'message',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
      });
  const answer = await postJson(sending, url, message ?? '');
  if (answer.status < 200 || answer.status > 299) throw refusal(sending.service, url, answer);
};

function addressOf({ options, recipient, service }: Sending): string {
  const url = stringAt(options, 'recipientUrls', recipient);
  if (url) return url;
  throw new HawserError('InvalidInput', `${service}: no webhook is configured for the recipient ${recipient}`, {
    hint: `add it to recipientUrls of service.${service} in argocd-notifications-cm`,
  });
}

function postJson({ fetch, options, signal }: Sending, url: string, body: string) {
  const headers = { 'content-type': 'application/json' };
  return post({ fetch, url, method: 'POST', headers, body, insecure: options.insecureSkipVerify === true, signal });
}

function cardOf({ parts, text }: Message) {
  const sections = [...listIn(parts, 'sections'), ...(parts.facts ? [{ facts: listIn(parts, 'facts') }] : [])];
  const themeColor = stringAt(parts, 'themeColor') ?? '';
  return {
    '@type': 'MessageCard',
    '@context': 'https://schema.org/extensions',
    title: stringAt(parts, 'title') ?? '',
    text: stringAt(parts, 'text') || text,
    summary: stringAt(parts, 'summary') ?? '',
    ...(themeColor !== '' && { themeColor }),
    ...(parts.potentialAction ? { potentialAction: listIn(parts, 'potentialAction') } : {}),
    ...(sections.length > 0 && { sections }),
  };
}

function adaptiveCardOf({ parts, text }: Message) {
  const title = stringAt(parts, 'title') ?? '';
  const color = stringAt(parts, 'themeColor');
  const facts = [
    ...listIn(parts, 'facts'),
    ...listIn(parts, 'sections').flatMap((section) => listIn(section, 'facts')),
  ];
  const actions = listIn(parts, 'potentialAction').flatMap((action) => {
    const [target] = listIn(action, 'targets');
    const url = target && stringAt(target, 'uri');
    return url ? [{ type: 'Action.OpenUrl', title: stringAt(action, 'name') ?? '', url }] : [];
  });
  return {
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      ...(title === ''
        ? []
        : [{ type: 'TextBlock', text: title, size: 'Large', weight: 'Bolder', ...(color && { color }), wrap: true }]),
      { type: 'TextBlock', text: stringAt(parts, 'text') || text, wrap: true },
      ...(facts.length > 0 ? [{ type: 'FactSet', facts: facts.map(factOf) }] : []),
    ],
    ...(actions.length > 0 && { actions }),
  };
}

function factOf(fact: Record<string, unknown>) {
  return { title: String(fact.name ?? ''), value: String(fact.value ?? '') };
}

/** A list, or a text in JSON that is one. */
function listIn(part: Readonly<Record<string, unknown>>, name: string): readonly Record<string, unknown>[] {
  const value = part[name];
  const list = typeof value === 'string' && value !== '' ? parseJson(name, value) : value;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HawserError('InvalidInput', `${name} of the Teams template is no JSON: ${messageOf(error)}`);
  }
}
