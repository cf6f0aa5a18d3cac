// All programs, and how one is run by its name over HTTP: the same code is in a process of Node and in a Worker.

import { CACHE_PROGRAMS } from './cache.ts';
import { JOURNAL_PROGRAMS } from './journal.ts';
import { failureOf, type PortContext } from './program.ts';
import { REQUEST_PROGRAMS } from './requests.ts';
import { TIME_PROGRAMS } from './time.ts';
import { WORK_PROGRAMS } from './work.ts';

const PROGRAMS = { ...CACHE_PROGRAMS, ...JOURNAL_PROGRAMS, ...REQUEST_PROGRAMS, ...TIME_PROGRAMS, ...WORK_PROGRAMS };

type Programs = typeof PROGRAMS;
export type ProgramName = keyof Programs;
/** None, for a program without input. */
export type InputOf<N extends ProgramName> = Parameters<Programs[N]> extends [PortContext, infer Input] ? [Input] : [];
export type ResultOf<N extends ProgramName> = Awaited<ReturnType<Programs[N]>>;

/** `POST /NAME` with the input as JSON; 500 with a Failure where the program failed. */
export async function answerProgram(context: PortContext, request: Request): Promise<Response> {
  const name = new URL(request.url).pathname.slice(1);
  const program = Object.entries(PROGRAMS).find(([own]) => own === name)?.[1];
  if (!program) return Response.json({ message: `there is no program ${name}` }, { status: 500 });
  try {
    const input: unknown = await request.json();
    // The caller's side is held to the types of the programs.
    const run = program as (context: PortContext, input: unknown) => Promise<unknown>;
    return Response.json({ result: (await run(context, input)) ?? null });
  } catch (error) {
    return Response.json(failureOf(error), { status: 500 });
  }
}
