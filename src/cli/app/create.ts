// hawser app create: an Application from flags, or from a file.

import { applySpecFlags } from '../../application/spec-flags.ts';
import { HawserError, isHawserError } from '../../base/errors.ts';
import { isObject, type Json, stringAt } from '../../base/json.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { yamlProblem } from '../yaml-problem.ts';
import { getRaw, type RawApplication, specOf } from './applications.ts';
import { type AppContext, addVerb, collect, parseRef, queryText } from './context.ts';
import { addSpecOptions, readText, specFlagsOf } from './spec-options.ts';

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

interface Metadata {
  readonly label?: readonly string[];
  readonly annotations?: readonly string[];
  readonly setFinalizer?: boolean;
  readonly appNamespace?: string;
}

export function addCreateVerb(context: AppContext): void {
  const { io } = context;
  const command = addVerb(context, 'create [name]', 'make an Application, from flags or from a file')
    .option('-f, --file <file>', 'a file or URL of Applications; - is standard input')
    .option('--upsert', 'change the one that is there, where it has another spec')
    .option('-l, --label <label>', 'a label: key=value; may be given again', collect)
    .option('--annotations <annotation>', 'an annotation: key=value; may be given again', collect)
    .option('--set-finalizer', 'its deletion deletes its objects, too')
    .option('--name <name>', 'its name');
  addSpecOptions(command).action(async (given: string | undefined, options, self) => {
    const server = await context.connect();
    const name = given ?? options.name;
    const flags = await specFlagsOf(self, io.cwd);
    const drafts = options.file === undefined ? [{}] : await readApplications(context, options.file);
    for (const draft of drafts) {
      const named = withName(draft, name, options);
      const spec = specOf(named);
      const hasSeveral = Array.isArray(spec.sources) && spec.sources.length > 0;
      // What a file says of several sources stays as it is, and so does standard input, as in Argo CD.
      const isKept = hasSeveral || options.file === '-';
      const application = { ...named, spec: isKept ? spec : applySpecFlags(spec, flags) };
      const query = { upsert: options.upsert, validate: options.validate };
      io.stdout(await create(server, application, query));
    }
  });
}

/** Creates one, and says what came of it. */
export async function create(
  server: ServerAddress,
  application: RawApplication,
  query: { readonly upsert?: boolean; readonly validate?: boolean },
): Promise<string> {
  const ref = parseRef(stringAt(application, 'metadata', 'name') ?? '', stringAt(application, 'metadata', 'namespace'));
  const before = await getRaw(server, ref).catch((error: unknown) => {
    // Argo CD does not tell those that it does not know from those that one may not see.
    if (isHawserError(error, 'NotFound') || isHawserError(error, 'Forbidden')) return undefined;
    throw error;
  });
  const created = await callServer(server, 'POST', `/api/v1/applications${queryText(query)}`, application);
  const verb = before === undefined ? 'created' : isSame(before, created) ? 'unchanged' : 'updated';
  return `application '${ref.name}' ${verb}\n`;
}

async function readApplications({ io }: AppContext, file: string): Promise<readonly RawApplication[]> {
  const text = file === '-' ? await io.readStdin() : await readText(file, io.cwd);
  return parseApplications(text, file);
}

/** The Applications of a YAML stream. Throws `InvalidInput` for anything else in it. */
export async function parseApplications(text: string, file: string): Promise<readonly RawApplication[]> {
  const { parseAllDocuments } = await import('yaml');
  const found = parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem) throw new HawserError('InvalidInput', yamlProblem(problem), { place: { file } });
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });
  for (const value of found) {
    if (isObject(value) && value.kind === 'Application' && isObject(value.spec)) continue;
    const kind = stringAt(value, 'kind') ?? 'a document without a kind';
    throw new HawserError('InvalidInput', `${kind} is no Application`, { place: { file } });
  }
  if (found.length === 0) throw new HawserError('InvalidInput', 'there is no Application', { place: { file } });
  return found.filter(isObject);
}

function withName(draft: RawApplication, name: string | undefined, options: Metadata): RawApplication {
  const before = isObject(draft.metadata) ? draft.metadata : {};
  const known = stringAt(before, 'name');
  if (name !== undefined && known !== undefined && parseRef(name).name !== known) {
    throw new HawserError('InvalidInput', `app name '${name}' does not match app spec metadata.name '${known}'`);
  }
  const wanted = name ?? known;
  if (wanted === undefined) throw new HawserError('InvalidInput', 'the Application has no name');
  const ref = parseRef(wanted, options.appNamespace ?? stringAt(before, 'namespace'));
  const finalizers = Array.isArray(before.finalizers) ? before.finalizers : [];
  const { label = [], annotations = [] } = options;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    ...draft,
    metadata: {
      ...before,
      name: ref.name,
      ...(ref.namespace && { namespace: ref.namespace }),
      ...(label.length > 0 && { labels: { ...objectAt(before, 'labels'), ...pairs('label', label) } }),
      ...(annotations.length > 0 && {
        annotations: { ...objectAt(before, 'annotations'), ...pairs('annotations', annotations) },
      }),
      ...(options.setFinalizer && { finalizers: [...new Set([...finalizers, FINALIZER])] }),
    },
  };
}

function objectAt(holder: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = holder[key];
  return isObject(value) ? value : {};
}

function pairs(flag: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
      throw new HawserError('InvalidInput', `--${flag} must be of the form key=value, not ${text}`);
    }),
  );
}

/** Whether what is there was so before (Argo CD: hasAppChanged). */
function isSame(before: RawApplication, after: RawApplication): boolean {
  const kept = (raw: RawApplication) => {
    const metadata = isObject(raw.metadata) ? raw.metadata : {};
    const { labels = {}, annotations = {}, finalizers = [] } = metadata;
    return sorted({ spec: specOf(raw), labels, annotations, finalizers } as unknown as Json);
  };
  return kept(before) === kept(after);
}

function sorted(value: Json): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
