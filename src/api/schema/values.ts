// Values of queries and bodies as Argo CD's clients write them: Go's texts for numbers and truth, and lists of one.

import * as z from 'zod';

// No schema is made into code: Workers and pages with a policy do not run any.
z.config({ jitless: true });

/** A 64-bit integer; protobuf's JSON writes it as text. */
export const int64 = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
  ],
  'must be a whole number',
);

/** A truth value of a query (Go: strconv.ParseBool). */
export const flag = z
  .string()
  .regex(/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/, 'must be true or false')
  .transform((text) => /^[1tT]/.test(text));

/** Texts of a query: a key that is given once is a list of one. */
export const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** Numbers of a query, of which there may be several. */
export const int64s = z.union([int64, z.array(int64)]).transform((value) => (Array.isArray(value) ? value : [value]));

/** Labels and annotations. */
export const stringMap = z.record(z.string(), z.string());

/** What every route of an Application takes beside its own. */
export const applicationQuery = {
  /** Where it is; hawser's own namespace where not given. */
  appNamespace: z.string().optional(),
  project: z.string().optional(),
};

/** Which Applications of a list or a stream, from which version on, and which of their fields. */
export const applicationSelection = {
  name: z.string().optional(),
  project: texts.optional(),
  projects: texts.optional(),
  selector: z.string().optional(),
  repo: z.string().optional(),
  appNamespace: z.string().optional(),
  resourceVersion: z.string().optional(),
  fields: z.string().optional(),
};
