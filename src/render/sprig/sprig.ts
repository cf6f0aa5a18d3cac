// Sprig v3.3.0: the functions that templates may call beside the built-in ones (Sprig: functions.go, TxtFuncMap). They know
// nothing but their environment; `env` and `expandenv` are left out, as every user of Sprig here leaves them out.

import { cryptoFunctions } from './crypto.ts';
import { dateFunctions } from './dates.ts';
import { defaultFunctions } from './defaults.ts';
import { dictFunctions } from './dicts.ts';
import { encodingFunctions } from './encoding.ts';
import { limitsOf, type SprigEnvironment } from './environment.ts';
import type { FunctionTable } from './function.ts';
import { jsonFunctions } from './json.ts';
import { listFunctions } from './lists.ts';
import { mathFunctions } from './math.ts';
import { networkFunctions } from './network.ts';
import { pathFunctions } from './paths.ts';
import { randomFunctions } from './random.ts';
import { reflectionFunctions } from './reflection.ts';
import { regexFunctions } from './regex.ts';
import { semverFunctions } from './semver.ts';
import { stringFunctions } from './strings.ts';
import { urlFunctions } from './urls.ts';

export type { SprigEnvironment, SprigLimits } from './environment.ts';

/** The table of all functions, by name. They fail by throwing an error whose message is Go's text. */
export function sprigFunctions(environment: SprigEnvironment): FunctionTable {
  const limits = limitsOf(environment);
  return {
    ...stringFunctions(limits),
    ...mathFunctions(limits),
    ...listFunctions(),
    ...dictFunctions(),
    ...defaultFunctions(),
    ...reflectionFunctions(),
    ...dateFunctions(environment),
    ...cryptoFunctions(environment),
    ...encodingFunctions(),
    ...jsonFunctions(),
    ...regexFunctions(),
    ...pathFunctions(),
    ...urlFunctions(),
    ...semverFunctions(),
    ...networkFunctions(),
    ...randomFunctions(environment, limits),
  };
}
