// The formats of JSON Schema that are asserted before draft 2019-09 (santhosh-tekuri/jsonschema v6: format.go).

import { messageOf } from '../../../base/errors.ts';
import { quote, quoteRune } from '../../go/quote.ts';
import { compileRegexp } from '../../go/regexp.ts';
import { atoi } from '../../go/strconv.ts';
import { byteLength } from '../../go/strings.ts';

/** Says what is wrong with a text, or undefined where it is of the format. */
type Check = (text: string) => string | undefined;

export interface FormatCheck {
  readonly name: string;
  readonly check: Check;
}

const CHECKS: Readonly<Record<string, Check>> = {
  'json-pointer': checkJsonPointer,
  'relative-json-pointer': checkRelativeJsonPointer,
  uuid: checkUuid,
  duration: checkDuration,
  period: checkPeriod,
  ipv4: checkIpv4,
  ipv6: checkIpv6,
  hostname: checkHostname,
  email: checkEmail,
  date: checkDate,
  time: checkTime,
  'date-time': checkDateTime,
  uri: checkUri,
  iri: checkUri,
  'uri-reference': checkUriReference,
  'iri-reference': checkUriReference,
  'uri-template': checkUriTemplate,
  semver: checkSemver,
  regex: checkRegex,
};

export const FORMATS: ReadonlyMap<string, FormatCheck> = new Map(
  Object.entries(CHECKS).map(([name, check]) => [name, { name, check }]),
);

function checkJsonPointer(text: string): string | undefined {
  if (text === '') return undefined;
  if (!text.startsWith('/')) return 'not starting with /';
  return /~(?![01])/.test(text) ? '~ must be followed by 0 or 1' : undefined;
}

function checkRelativeJsonPointer(text: string): string | undefined {
  const digits = /^\d*/.exec(text)?.[0] ?? '';
  if (digits === '') return 'must start with non-negative integer';
  if (digits.length > 1 && digits.startsWith('0')) return 'starts with zero';
  const rest = text.slice(digits.length);
  return rest === '#' ? undefined : checkJsonPointer(rest);
}

function checkUuid(text: string): string | undefined {
  const lengths = [8, 4, 4, 4, 12];
  const groups = text.split('-');
  if (groups.length !== lengths.length) return `must have ${lengths.length} elements`;
  for (const [index, group] of groups.entries()) {
    if (group.length !== lengths[index]) return `element ${index + 1} must be ${lengths[index]} characters long`;
    const stranger = /[^0-9a-fA-F]/u.exec(group);
    if (stranger !== null) return `non-hex character ${quoteChar(stranger[0])}`;
  }
  return undefined;
}

function checkDuration(text: string): string | undefined {
  if (!text.startsWith('P')) return 'must start with P';
  const body = text.slice(1);
  if (body === '') return 'nothing after P';
  if (body.endsWith('W')) {
    const weeks = body.slice(0, -1);
    if (weeks === '') return 'no number in week';
    return /^\d+$/.test(weeks) ? undefined : 'invalid week';
  }
  const allUnits = ['YMD', 'HMS'];
  for (const [index, part] of body.split('T').entries()) {
    if (index !== 0 && part === '') return 'no time elements';
    const units = allUnits[index];
    if (units === undefined) return 'more than one T';
    const problem = checkDurationPart(part, units);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkDurationPart(part: string, allUnits: string): string | undefined {
  let units = allUnits;
  let rest = part;
  while (rest !== '') {
    const digits = /^\d*/.exec(rest)?.[0] ?? '';
    if (digits === '') return 'missing number';
    const unit = rest.charAt(digits.length);
    if (unit === '') return 'missing unit';
    const place = units.indexOf(unit);
    if (place < 0)
      return `${allUnits.includes(unit) ? 'unit' : 'invalid unit'} ${quoteChar(unit)}${allUnits.includes(unit) ? ' out of order' : ''}`;
    units = units.slice(place + 1);
    rest = rest.slice(digits.length + 1);
  }
  return undefined;
}

function checkPeriod(text: string): string | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return 'missing slash';
  const [start, end] = [text.slice(0, slash), text.slice(slash + 1)];
  if (start.startsWith('P')) {
    return wrap('invalid start duration', checkDuration(start)) ?? wrap('invalid end date-time', checkDateTime(end));
  }
  const problem = wrap('invalid start date-time', checkDateTime(start));
  if (problem !== undefined) return problem;
  return end.startsWith('P')
    ? wrap('invalid end duration', checkDuration(end))
    : wrap('invalid end date-time', checkDateTime(end));
}

function checkIpv4(text: string): string | undefined {
  const groups = text.split('.');
  if (groups.length !== 4) return 'expected four decimals';
  for (const group of groups) {
    if (group.length > 1 && group.startsWith('0')) return 'leading zeros';
    const { value, error } = atoi(group);
    if (error !== undefined) return error;
    if (value < 0n || value > 255n) return 'decimal must be between 0 and 255';
  }
  return undefined;
}

function checkIpv6(text: string): string | undefined {
  if (!text.includes(':')) return 'missing colon';
  if (text.includes('%')) return 'zone id is not a part of ipv6 address';
  return isIpv6(text) ? undefined : `ParseAddr(${quote(text)}): unable to parse IP`;
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1)?.at(-1);
  const hasIpv4 = last?.includes('.') === true && checkIpv4(last) === undefined;
  const plain = groups.flat().slice(0, hasIpv4 ? -1 : undefined);
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (hasIpv4 ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

function checkHostname(text: string): string | undefined {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (byteLength(name) > 253) return 'more than 253 characters long';
  for (const label of name.split('.')) {
    const length = byteLength(label);
    if (length < 1 || length > 63) return 'label must be 1 to 63 characters long';
    if (label.startsWith('-')) return 'label starts with hyphen';
    if (label.endsWith('-')) return 'label ends with hyphen';
    const stranger = /[^-a-zA-Z0-9]/u.exec(label);
    if (stranger !== null) return `invalid character ${quoteChar(stranger[0])}`;
  }
  return undefined;
}

function checkEmail(text: string): string | undefined {
  if (byteLength(text) > 254) return 'more than 255 characters long';
  const sign = text.lastIndexOf('@');
  if (sign < 0) return 'missing @';
  const [local, domain] = [text.slice(0, sign), text.slice(sign + 1)];
  if (byteLength(local) > 64) return 'local part more than 64 characters long';
  if (local.length > 1 && local.startsWith('"') && local.endsWith('"')) {
    if (/[\\"]/.test(local.slice(1, -1))) return 'backslash and quote are not allowed within quoted local part';
  } else {
    if (local.startsWith('.')) return 'starts with dot';
    if (local.endsWith('.')) return 'ends with dot';
    if (local.includes('..')) return 'consecutive dots';
    const stranger = /[^a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/u.exec(local);
    if (stranger !== null) return `invalid character ${quoteChar(stranger[0])}`;
  }
  if (domain.startsWith('[') && domain.endsWith(']')) {
    const address = domain.slice(1, -1);
    return address.startsWith('IPv6:')
      ? wrap('invalid ipv6 address', checkIpv6(address.slice(5)))
      : wrap('invalid ipv4 address', checkIpv4(address));
  }
  return wrap('invalid domain', checkHostname(domain));
}

function checkDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const [year, month, day] = (match ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined) {
    return `parsing time ${quote(text)} as "2006-01-02": cannot parse ${quote(text)} as "2006"`;
  }
  if (month < 1 || month > 12) return `parsing time ${quote(text)}: month out of range`;
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return day < 1 || day > days ? `parsing time ${quote(text)}: day out of range` : undefined;
}

function checkTime(text: string): string | undefined {
  if (text.length < 9) return 'less than 9 characters long';
  if (text.charAt(2) !== ':' || text.charAt(5) !== ':') return 'missing colon in correct place';
  const [hour = 0, minute = 0, second = 0] = text.slice(0, 8).split(':').map(Number);
  if (!/^\d\d:\d\d:\d\d$/.test(text.slice(0, 8))) return 'invalid hour/min/sec';
  if (hour > 23 || minute > 59 || second > 60) return 'hour/min/sec out of range';
  let rest = text.slice(8);
  if (rest.startsWith('.')) {
    const digits = /^\d*/.exec(rest.slice(1))?.[0] ?? '';
    if (digits === '') return 'no digits in second fraction';
    rest = rest.slice(1 + digits.length);
  }
  let minutes = hour * 60 + minute;
  if (rest !== 'z' && rest !== 'Z') {
    if (rest.length !== 6) return 'offset must be 6 characters long';
    if (!/^[+-]/.test(rest)) return 'offset must begin with plus/minus';
    if (rest.charAt(3) !== ':') return 'missing colon in offset in correct place';
    if (!/^[+-]\d\d:\d\d$/.test(rest)) return 'invalid hour/min in offset';
    const [hours = 0, offsetMinutes = 0] = rest.slice(1).split(':').map(Number);
    if (hours > 23 || offsetMinutes > 59) return 'hour/min in offset out of range';
    const offset = hours * 60 + offsetMinutes;
    minutes = (minutes + (rest.startsWith('+') ? -offset : offset) + 24 * 60) % (24 * 60);
  }
  return second >= 60 && minutes !== 23 * 60 + 59 ? 'invalid leap second' : undefined;
}

function checkDateTime(text: string): string | undefined {
  if (text.length < 20) return 'less than 20 characters long';
  if (!/^.{10}[tT]/s.test(text)) return '11th character must be t or T';
  return (
    wrap('invalid date element', checkDate(text.slice(0, 10))) ??
    wrap('invalid time element', checkTime(text.slice(11)))
  );
}

function checkUri(text: string): string | undefined {
  const problem = checkUrl(text);
  if (problem !== undefined) return problem;
  return /^[a-zA-Z][-+.a-zA-Z0-9]*:/.test(text) ? undefined : 'relative url';
}

function checkUriReference(text: string): string | undefined {
  return text.includes('\\') ? 'contains \\' : checkUrl(text);
}

function checkUriTemplate(text: string): string | undefined {
  const problem = checkUrl(text);
  if (problem !== undefined) return problem;
  for (const part of text.split('/')) {
    let isOpen = false;
    for (const brace of part.replace(/[^{}]/g, '')) {
      if ((brace === '{') === isOpen) return 'nested curly braces';
      isOpen = !isOpen;
    }
    if (isOpen) return 'no matching closing brace';
  }
  return undefined;
}

/** The refusals of Go's url.Parse that matter. */
function checkUrl(text: string): string | undefined {
  if (/[\x00-\x1f\x7f]/.test(text)) return `parse ${quote(text)}: net/url: invalid control character in URL`;
  const badEscape = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (badEscape !== null) {
    const part = text.slice(badEscape.index, badEscape.index + 3);
    return `parse ${quote(text)}: invalid URL escape ${quote(part)}`;
  }
  if (text.startsWith(':')) return `parse ${quote(text)}: missing protocol scheme`;
  const firstSegment = text.split(/[/?#]/, 1)[0] ?? '';
  if (firstSegment.includes(':') && !/^[a-zA-Z][-+.a-zA-Z0-9]*:/.test(text)) {
    return `parse ${quote(text)}: first path segment in URL cannot contain colon`;
  }
  const host = /^(?:[a-zA-Z][-+.a-zA-Z0-9]*:)?\/\/(?:[^/?#@]*@)?([^/?#]*)/.exec(text)?.[1] ?? '';
  if (/[ "<>\\^`{|}]/.test(host)) {
    const stranger = /[ "<>\\^`{|}]/.exec(host)?.[0] ?? '';
    return `parse ${quote(text)}: invalid character ${quote(stranger)} in host name`;
  }
  const port = /(?:^|[^:\]]|\]):([^:\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^\d*$/.test(port)) {
    return `parse ${quote(text)}: invalid port ${quote(`:${port}`)} after host`;
  }
  return undefined;
}

function checkSemver(text: string): string | undefined {
  let rest = text;
  const plus = rest.indexOf('+');
  if (plus >= 0) {
    const build = rest.slice(plus + 1);
    if (build === '') return 'build is empty';
    for (const part of build.split('.')) {
      if (part === '') return 'build identifier is empty';
      const stranger = /[^-0-9a-zA-Z]/u.exec(part);
      if (stranger !== null) return `invalid character ${quoteChar(stranger[0])} in build identifier`;
    }
    rest = rest.slice(0, plus);
  }
  const hyphen = rest.indexOf('-');
  if (hyphen >= 0) {
    for (const part of rest.slice(hyphen + 1).split('.')) {
      if (part === '') return 'pre-release identifier is empty';
      const stranger = /[^-0-9a-zA-Z]/u.exec(part);
      if (stranger !== null) return `invalid character ${quoteChar(stranger[0])} in pre-release identifier`;
      if (/^0\d+$/.test(part)) return 'pre-release numeric identifier starts with zero';
    }
    rest = rest.slice(0, hyphen);
  }
  const numbers = rest.split('.');
  if (numbers.length !== 3) return 'versionCore must have 3 numbers separated by dot';
  for (const [index, number] of numbers.entries()) {
    const name = ['major', 'minor', 'patch'][index] ?? '';
    if (number === '') return `${name} is empty`;
    if (number.length > 1 && number.startsWith('0')) return `${name} starts with zero`;
    if (!/^\d+$/.test(number)) return `${name} contains non-digit`;
  }
  return undefined;
}

function checkRegex(text: string): string | undefined {
  try {
    compileRegexp(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function wrap(what: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${what}: ${problem}`;
}

function quoteChar(char: string): string {
  return quoteRune(char.codePointAt(0) ?? 0);
}
