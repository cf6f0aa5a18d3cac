// Syntax tree → closures that run it: one for each node, made once. No text of JavaScript is ever made.

import type { Block, CallExpression, Expression, FunctionBody, Statement, TableField, Target } from './ast.ts';
import type { Machine } from './machine.ts';
import { LuaTable } from './table.ts';
import { isTruthy, type LuaFunction, type LuaValue, TailCall } from './value.ts';

/** A variable: functions that are made while it is in scope share it. */
interface Box {
  value: LuaValue;
}

/** One running function. */
interface Frame {
  readonly locals: Box[];
  readonly upvalues: readonly Box[];
  readonly varargs: readonly LuaValue[];
}

/** How a statement ends when not at its own end. */
type Exit = typeof BREAK | { readonly label: string } | { readonly results: readonly LuaValue[] | TailCall };

const BREAK = Symbol('break');
const NONE: readonly LuaValue[] = [];

type Run = (frame: Frame) => Exit | undefined;
type Evaluate = (frame: Frame) => LuaValue;
type EvaluateAll = (frame: Frame) => readonly LuaValue[];

/** The main function of a script, for this machine. */
export function compileLua(main: FunctionBody, machine: Machine): LuaFunction {
  return new Compiler(machine).makeFunction(main)([]);
}

class Compiler {
  private readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  makeFunction(source: FunctionBody): (upvalues: readonly Box[]) => LuaFunction {
    const run = this.block(source.body);
    const { parameters, isVararg, slots, name } = source;
    return (upvalues) => ({
      name,
      call: (args) => {
        const locals: Box[] = new Array<Box>(slots);
        parameters.forEach((slot, index) => {
          locals[slot] = { value: args[index] };
        });
        const varargs = isVararg ? args.slice(parameters.length) : NONE;
        const exit = run({ locals, upvalues, varargs });
        return exit && typeof exit === 'object' && 'results' in exit ? exit.results : NONE;
      },
    });
  }

  private block(source: Block): Run {
    const labels = new Map<string, number>();
    source.forEach(({ statement }, index) => {
      if (statement.kind === 'label') labels.set(statement.name, index);
    });
    const steps = source.map(({ statement, line }) => ({ run: this.statement(statement), line }));
    const { machine } = this;
    return (frame) => {
      for (let at = 0; at < steps.length; at++) {
        const step = steps[at];
        if (!step) break;
        machine.line = step.line;
        machine.spend(1);
        const exit = step.run(frame);
        if (exit === undefined) continue;
        const target = typeof exit === 'object' && 'label' in exit ? labels.get(exit.label) : undefined;
        if (target === undefined) return exit;
        at = target;
      }
      return undefined;
    };
  }

  private statement(source: Statement): Run {
    switch (source.kind) {
      case 'local': {
        const { slots } = source;
        const values = this.valuesOf(source.values);
        return (frame) => {
          const found = values(frame);
          slots.forEach((slot, index) => {
            frame.locals[slot] = { value: found[index] };
          });
          return undefined;
        };
      }
      case 'localFunction': {
        const { slot } = source;
        const make = this.closure(source.function);
        return (frame) => {
          const box: Box = { value: undefined };
          frame.locals[slot] = box;
          box.value = make(frame);
          return undefined;
        };
      }
      case 'assign':
        return this.assignment(source.targets, source.values);
      case 'call': {
        const call = this.callOf(source.call);
        return (frame) => {
          call(frame);
          return undefined;
        };
      }
      case 'do':
        return this.block(source.body);
      case 'while':
        return this.whileLoop(this.expression(source.condition), this.block(source.body));
      case 'repeat':
        return this.repeatLoop(this.block(source.body), this.expression(source.condition));
      case 'if':
        return this.branches(source);
      case 'numericFor':
        return this.numericFor(source);
      case 'genericFor':
        return this.genericFor(source);
      case 'return':
        return this.returning(source.values);
      case 'break':
        return () => BREAK;
      case 'goto': {
        const exit = { label: source.label };
        return () => exit;
      }
      case 'label':
        return () => undefined;
    }
  }

  /** All values first, then the targets from the right, as gopher-lua does. */
  private assignment(targets: readonly Target[], sources: readonly Expression[]): Run {
    const places = targets.map((target) => this.place(target));
    const [first] = places;
    const [source] = sources;
    if (places.length === 1 && first && sources.length === 1 && source) {
      const evaluate = this.expression(source);
      return (frame) => {
        const set = first(frame);
        set(evaluate(frame));
        return undefined;
      };
    }
    const values = this.valuesOf(sources);
    return (frame) => {
      const setters = places.map((place) => place(frame));
      const found = values(frame);
      for (let index = setters.length - 1; index >= 0; index--) setters[index]?.(found[index]);
      return undefined;
    };
  }

  private place(target: Target): (frame: Frame) => (value: LuaValue) => void {
    const { machine } = this;
    switch (target.kind) {
      case 'local': {
        const { slot } = target;
        return (frame) => (value) => {
          const box = frame.locals[slot];
          if (box) box.value = value;
        };
      }
      case 'upvalue': {
        const { index } = target;
        return (frame) => (value) => {
          const box = frame.upvalues[index];
          if (box) box.value = value;
        };
      }
      case 'global': {
        const { name, line } = target;
        return () => (value) => machine.setIndex(machine.globals, name, value, line);
      }
      case 'index': {
        const { line } = target;
        const object = this.expression(target.object);
        const key = this.expression(target.key);
        return (frame) => {
          const [here, at] = [object(frame), key(frame)];
          return (value) => machine.setIndex(here, at, value, line);
        };
      }
    }
  }

  private whileLoop(condition: Evaluate, body: Run): Run {
    const { machine } = this;
    return (frame) => {
      while (isTruthy(condition(frame))) {
        machine.spend(1);
        const exit = body(frame);
        if (exit === BREAK) return undefined;
        if (exit !== undefined) return exit;
      }
      return undefined;
    };
  }

  private repeatLoop(body: Run, condition: Evaluate): Run {
    const { machine } = this;
    return (frame) => {
      do {
        machine.spend(1);
        const exit = body(frame);
        if (exit === BREAK) return undefined;
        if (exit !== undefined) return exit;
      } while (!isTruthy(condition(frame)));
      return undefined;
    };
  }

  private branches(source: Statement & { kind: 'if' }): Run {
    const branches = source.branches.map(({ condition, body }) => ({
      condition: this.expression(condition),
      body: this.block(body),
    }));
    const otherwise = source.otherwise && this.block(source.otherwise);
    return (frame) => {
      for (const { condition, body } of branches) {
        if (isTruthy(condition(frame))) return body(frame);
      }
      return otherwise?.(frame);
    };
  }

  private numericFor(source: Statement & { kind: 'numericFor' }): Run {
    const { machine } = this;
    const { slot, line } = source;
    const body = this.block(source.body);
    const bounds = [source.start, source.limit, source.step].map((bound) => bound && this.expression(bound));
    const number = (frame: Frame, index: number, name: string) => {
      const bound = bounds[index];
      const value = bound ? bound(frame) : 1;
      if (typeof value === 'number') return value;
      machine.line = line;
      throw machine.fail(`for statement ${name} must be a number`);
    };
    return (frame) => {
      const start = number(frame, 0, 'init');
      const limit = number(frame, 1, 'limit');
      const step = number(frame, 2, 'step');
      for (let value = start; step > 0 ? value <= limit : value >= limit; value += step) {
        machine.spend(1);
        frame.locals[slot] = { value };
        const exit = body(frame);
        if (exit === BREAK) return undefined;
        if (exit !== undefined) return exit;
      }
      return undefined;
    };
  }

  private genericFor(source: Statement & { kind: 'genericFor' }): Run {
    const { machine } = this;
    const { slots, line } = source;
    const values = this.valuesOf(source.values);
    const body = this.block(source.body);
    return (frame) => {
      const [iterate, state, start] = values(frame);
      let control = start;
      for (;;) {
        const found = machine.call(iterate, [state, control], line);
        control = found[0];
        if (control === undefined) return undefined;
        slots.forEach((slot, index) => {
          frame.locals[slot] = { value: found[index] };
        });
        const exit = body(frame);
        if (exit === BREAK) return undefined;
        if (exit !== undefined) return exit;
      }
    };
  }

  private returning(sources: readonly Expression[]): Run {
    const [only] = sources;
    if (sources.length === 1 && only?.kind === 'call') {
      const call = this.preparedCall(only);
      return (frame) => ({ results: call(frame) });
    }
    const values = this.valuesOf(sources);
    return (frame) => ({ results: values(frame) });
  }

  /** The values of a list: of its last expression all, of the others one. */
  private valuesOf(sources: readonly Expression[]): EvaluateAll {
    const last = sources.at(-1);
    const singles = sources.slice(0, -1).map((source) => this.expression(source));
    if (!last) return () => NONE;
    const rest = this.all(last);
    if (singles.length === 0) return rest;
    return (frame) => {
      const found: LuaValue[] = singles.map((single) => single(frame));
      return found.concat(rest(frame));
    };
  }

  private all(source: Expression): EvaluateAll {
    if (source.kind === 'call') return this.callOf(source);
    if (source.kind === 'vararg') return (frame) => frame.varargs;
    const evaluate = this.expression(source);
    return (frame) => [evaluate(frame)];
  }

  private expression(source: Expression): Evaluate {
    const { machine } = this;
    switch (source.kind) {
      case 'constant': {
        const { value } = source;
        return () => value;
      }
      case 'vararg':
        return (frame) => frame.varargs[0];
      case 'local': {
        const { slot } = source;
        return (frame) => frame.locals[slot]?.value;
      }
      case 'upvalue': {
        const { index } = source;
        return (frame) => frame.upvalues[index]?.value;
      }
      case 'global': {
        const { name, line } = source;
        return () => machine.index(machine.globals, name, line);
      }
      case 'index': {
        const { line } = source;
        const object = this.expression(source.object);
        const key = this.expression(source.key);
        return (frame) => machine.index(object(frame), key(frame), line);
      }
      case 'call': {
        const call = this.callOf(source);
        return (frame) => call(frame)[0];
      }
      case 'function':
        return this.closure(source.function);
      case 'single':
        return this.expression(source.inner);
      case 'and': {
        const [left, right] = [this.expression(source.left), this.expression(source.right)];
        return (frame) => {
          const value = left(frame);
          return isTruthy(value) ? right(frame) : value;
        };
      }
      case 'or': {
        const [left, right] = [this.expression(source.left), this.expression(source.right)];
        return (frame) => {
          const value = left(frame);
          return isTruthy(value) ? value : right(frame);
        };
      }
      case 'binary': {
        const { operator, line } = source;
        const [left, right] = [this.expression(source.left), this.expression(source.right)];
        return (frame) => machine.operate(operator, left(frame), right(frame), line);
      }
      case 'concat': {
        const { line } = source;
        const operands = source.operands.map((operand) => this.expression(operand));
        return (frame) =>
          machine.concat(
            operands.map((operand) => operand(frame)),
            line,
          );
      }
      case 'unary':
        return this.unary(source);
      case 'table':
        return this.table(source.fields, source.line);
    }
  }

  private unary({ operator, operand, line }: Expression & { kind: 'unary' }): Evaluate {
    const { machine } = this;
    const evaluate = this.expression(operand);
    switch (operator) {
      case 'not':
        return (frame) => !isTruthy(evaluate(frame));
      case '-':
        return (frame) => machine.negate(evaluate(frame), line);
      case '#':
        return (frame) => machine.lengthOf(evaluate(frame), line);
    }
  }

  private table(fields: readonly TableField[], line: number): Evaluate {
    const { machine } = this;
    const last = fields.at(-1);
    const steps = fields.map((field) => {
      if (field.kind === 'pair') {
        const [key, value] = [this.expression(field.key), this.expression(field.value)];
        return (frame: Frame, table: LuaTable, next: number) => {
          machine.line = line;
          machine.rawSet(table, key(frame), value(frame));
          return next;
        };
      }
      const values = field === last ? this.all(field.value) : this.allOfOne(field.value);
      return (frame: Frame, table: LuaTable, next: number) => {
        const found = values(frame);
        found.forEach((value, index) => {
          machine.rawSet(table, next + index, value);
        });
        return next + found.length;
      };
    });
    return (frame) => {
      const table = new LuaTable();
      machine.allocate(32);
      let next = 1;
      for (const step of steps) next = step(frame, table, next);
      return table;
    };
  }

  private allOfOne(source: Expression): EvaluateAll {
    const evaluate = this.expression(source);
    return (frame) => [evaluate(frame)];
  }

  private callOf(source: CallExpression): EvaluateAll {
    const { machine } = this;
    const prepare = this.preparedCall(source);
    return (frame) => {
      const { callee, args, line } = prepare(frame);
      return machine.call(callee, args, line);
    };
  }

  /** Everything but the call itself. */
  private preparedCall({ callee, method, args, line }: CallExpression): (frame: Frame) => TailCall {
    const { machine } = this;
    const object = this.expression(callee);
    const values = this.valuesOf(args);
    if (method === undefined) return (frame) => new TailCall(object(frame), values(frame), line);
    return (frame) => {
      const self = object(frame);
      const found = machine.index(self, method, line);
      return new TailCall(found, [self, ...values(frame)], line);
    };
  }

  private closure(source: FunctionBody): (frame: Frame) => LuaFunction {
    const make = this.makeFunction(source);
    const { machine } = this;
    return (frame) => {
      machine.allocate(64);
      const upvalues = source.upvalues.map((from): Box => {
        const box = from.kind === 'local' ? frame.locals[from.slot] : frame.upvalues[from.index];
        return box ?? { value: undefined };
      });
      return make(upvalues);
    };
  }
}
