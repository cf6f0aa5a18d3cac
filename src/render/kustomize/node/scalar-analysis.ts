// In which styles a text may be written (go-yaml v3, emitterc.go: yaml_emitter_analyze_scalar).

export interface ScalarAnalysis {
  readonly multiline: boolean;
  /** Without quotes, in brackets. */
  readonly flowPlain: boolean;
  /** Without quotes, elsewhere. */
  readonly blockPlain: boolean;
  readonly single: boolean;
  /** As a literal or folded block. */
  readonly block: boolean;
}

const EMPTY: ScalarAnalysis = { multiline: false, flowPlain: false, blockPlain: true, single: true, block: false };

const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/;
/** What is written as an escape; go-yaml counts everything beyond the basic plane among it. */
const SPECIAL = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]/;

export function analyzeScalar(text: string): ScalarAnalysis {
  if (text === '') return EMPTY;
  const multiline = LINE_BREAK.test(text);
  const isSpecial = SPECIAL.test(text);
  const hasSpaceBreak = / [\n\r\u0085\u2028\u2029]/.test(text);
  const hasBreakSpace = /[\n\r\u0085\u2028\u2029] /.test(text);
  const single = !hasBreakSpace && !hasSpaceBreak && !isSpecial && !text.includes('\t');
  const plain = single && !multiline && !text.startsWith(' ') && !text.endsWith(' ');
  return {
    multiline,
    flowPlain: plain && !hasFlowIndicators(text),
    blockPlain: plain && !hasBlockIndicators(text),
    single,
    block: !text.endsWith(' ') && !hasSpaceBreak && !isSpecial,
  };
}

export function isBreakCharacter(character: string): boolean {
  return LINE_BREAK.test(character);
}

function hasFlowIndicators(text: string): boolean {
  return /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`?:]|-(?:[ \t]|$))|[,?[\]{}:]|[ \t]#/.test(text);
}

function hasBlockIndicators(text: string): boolean {
  return /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?](?:[ \t]|$))|:(?:[ \t]|$)|[ \t]#/.test(text);
}
