// `import … from 'hawser/gotemplate'`: Go's text/template with Sprig's functions. Synchronous.
//
//   const set = createTemplateSet({ functions: sprigFunctions({ now: Date.now, random }) });
//   set.parse('greeting', 'Hello {{ .name | upper }}');
//   set.execute('greeting', decodeJson('{"name": "Kim"}'));

export { HawserError } from '../base/errors.ts';
export { decodeJson, encodeJson } from '../render/go/json.ts';
export {
  GoMap,
  type GoMethod,
  GoNumber,
  type GoNumberType,
  GoOpaque,
  GoSlice,
  GoStruct,
  type GoValue,
  goInt,
  goInt64,
} from '../render/go/value.ts';
export * from '../render/gotemplate/gotemplate.ts';
export type { SprigEnvironment, SprigLimits } from '../render/sprig/environment.ts';
export { sprigFunctions } from '../render/sprig/sprig.ts';
export { parseYaml } from '../render/yaml/decode.ts';
export { toYaml } from '../render/yaml/encode.ts';
