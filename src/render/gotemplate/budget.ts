// Limits against templates that never end: output, operations, time. One budget serves all executions of a render.

import { HawserError } from '../../base/errors.ts';
import type { Work } from '../go/work.ts';

export interface BudgetLimits {
  /** UTF-16 units of output, over all executions; what `include` gives back counts again where it is printed. */
  readonly maxOutput?: number;
  /** Function calls, loop turns and templates entered; a call with large arguments, or one that does much, counts for several. */
  readonly maxOperations?: number;
  readonly maxTimeMs?: number;
  /** Milliseconds of a clock; needed for `maxTimeMs`. */
  readonly now?: () => number;
}

/** Operations between two looks at the clock. */
const BATCH = 4096;

export class Budget implements Work {
  /** Counts down to 0; then `refill` looks at the limits. */
  operations = 0;
  /** The templates that have been entered and not left. */
  nested = 0;
  private readonly limits: BudgetLimits;
  private readonly deadline: number;
  private spentOperations = 0;
  private spentOutput = 0;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
    this.deadline = limits.now && limits.maxTimeMs !== undefined ? limits.now() + limits.maxTimeMs : Infinity;
    this.operations = this.nextBatch();
  }

  /** Several operations at once. */
  spend(operations: number): void {
    this.operations -= operations;
    if (this.operations < 0) this.refill();
  }

  /** One more batch of operations; throws `LimitExceeded` where there is none. */
  refill(): void {
    const { maxOperations, maxTimeMs, now } = this.limits;
    // What went beyond the batch before.
    if (this.operations < -1) this.spentOperations -= this.operations + 1;
    if (maxOperations !== undefined && this.spentOperations >= maxOperations) {
      throw exceeded(`templates ran more than ${maxOperations} operations`, 'operations', maxOperations);
    }
    if (now && now() > this.deadline) {
      throw exceeded(`templates ran longer than ${maxTimeMs} ms`, 'time', maxTimeMs ?? 0);
    }
    this.operations = this.nextBatch();
  }

  private nextBatch(): number {
    const left = (this.limits.maxOperations ?? Infinity) - this.spentOperations;
    const batch = Math.min(BATCH, left);
    this.spentOperations += batch;
    return batch;
  }

  outputLeft(): number {
    return (this.limits.maxOutput ?? Infinity) - this.spentOutput;
  }

  spendOutput(length: number): void {
    this.spentOutput += length;
  }

  outputExceeded(): HawserError {
    const limit = this.limits.maxOutput ?? 0;
    return exceeded(`templates gave more than ${limit} characters of output`, 'output', limit);
  }
}

/** A budget with these limits; without any it never ends. */
export function createBudget(limits: BudgetLimits = {}): Budget {
  return new Budget(limits);
}

function exceeded(message: string, limit: string, value: number): HawserError {
  return new HawserError('LimitExceeded', message, { data: { limit, value } });
}
