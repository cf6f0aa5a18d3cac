// The functions of Helm's templates by family: what the generator calls, with what, and what the counts are told by.

import type { GoMethod } from '../../src/render/go/value.ts';
import { helmFunctions } from '../../src/render/helm/functions.ts';
import { cryptoFunctions } from '../../src/render/sprig/crypto.ts';
import { dateFunctions } from '../../src/render/sprig/dates.ts';
import { defaultFunctions } from '../../src/render/sprig/defaults.ts';
import { dictFunctions } from '../../src/render/sprig/dicts.ts';
import { encodingFunctions } from '../../src/render/sprig/encoding.ts';
import { limitsOf, type SprigEnvironment } from '../../src/render/sprig/environment.ts';
import { jsonFunctions } from '../../src/render/sprig/json.ts';
import { listFunctions } from '../../src/render/sprig/lists.ts';
import { mathFunctions } from '../../src/render/sprig/math.ts';
import { networkFunctions } from '../../src/render/sprig/network.ts';
import { pathFunctions } from '../../src/render/sprig/paths.ts';
import { randomFunctions } from '../../src/render/sprig/random.ts';
import { reflectionFunctions } from '../../src/render/sprig/reflection.ts';
import { regexFunctions } from '../../src/render/sprig/regex.ts';
import { semverFunctions } from '../../src/render/sprig/semver.ts';
import { sprigFunctions } from '../../src/render/sprig/sprig.ts';
import { stringFunctions } from '../../src/render/sprig/strings.ts';
import { urlFunctions } from '../../src/render/sprig/urls.ts';

/** What a call of each function takes, by name: Go's types of its parameters. */
type Family = Readonly<Record<string, readonly string[]>>;

const environment: SprigEnvironment = { now: () => 0, random: (length) => new Uint8Array(length) };
const limits = limitsOf(environment);
const ANY = 'interface {}';

/** Slow on purpose, or by numbers that JavaScript makes: password hashes and DSA parameters. Tables test them. */
const SLOW = new Set(['bcrypt', 'htpasswd', 'derivePassword']);

export const FAMILIES: Readonly<Record<string, Family>> = {
  'built-in': {
    ...Object.fromEntries(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'and', 'or'].map((name) => [name, [ANY, ANY]])),
    ...Object.fromEntries(['not', 'len', 'print', 'println', 'html', 'js', 'urlquery'].map((name) => [name, [ANY]])),
    index: ['container', 'key'],
    slice: ['container', 'int', 'int'],
    printf: ['format', ANY, `...${ANY}`],
    call: [ANY, ANY],
  },
  engine: {
    include: ['template', ANY],
    tpl: ['text', 'dot'],
    required: ['string', ANY],
    fail: ['string'],
    lookup: ['string', 'string', 'string', 'string'],
  },
  strings: paramsOf(stringFunctions(limits)),
  math: paramsOf(mathFunctions(limits)),
  lists: paramsOf(listFunctions()),
  dicts: paramsOf(dictFunctions()),
  defaults: paramsOf(defaultFunctions()),
  reflection: paramsOf(reflectionFunctions()),
  dates: paramsOf(dateFunctions(environment)),
  crypto: paramsOf(cryptoFunctions(environment)),
  encoding: paramsOf(encodingFunctions()),
  json: paramsOf(jsonFunctions()),
  regex: paramsOf(regexFunctions()),
  paths: paramsOf(pathFunctions()),
  urls: paramsOf(urlFunctions()),
  semver: paramsOf(semverFunctions()),
  network: paramsOf(networkFunctions()),
  random: paramsOf(randomFunctions(environment, limits)),
  helm: paramsOf(withoutThose(helmFunctions(environment), sprigFunctions(environment))),
};

/** Which family a function belongs to, by its name. */
export const FAMILY_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(FAMILIES).flatMap(([family, functions]) => Object.keys(functions).map((name) => [name, family])),
);

function paramsOf(functions: Readonly<Record<string, GoMethod>>): Family {
  const entries = Object.entries(functions).filter(([name]) => !SLOW.has(name));
  return Object.fromEntries(entries.map(([name, { params }]) => [name, params]));
}

/** Helm replaces some of Sprig's functions; those of a name are told by their identity. */
function withoutThose(
  functions: Readonly<Record<string, GoMethod>>,
  others: Readonly<Record<string, GoMethod>>,
): Readonly<Record<string, GoMethod>> {
  const entries = Object.entries(functions).filter(([name]) => !Object.hasOwn(others, name) || /Json/.test(name));
  return Object.fromEntries(entries);
}
