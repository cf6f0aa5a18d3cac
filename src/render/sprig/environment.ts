// What the template functions may know of the world: nothing but this.

/** Bounds against templates that would exhaust memory. */
export interface SprigLimits {
  /** The longest string that one call may make, in characters. */
  readonly stringLength: number;
  /** The most elements that one call may make. */
  readonly listLength: number;
}

export interface SprigEnvironment {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Random bytes of a cryptographic source. */
  random(length: number): Uint8Array;
  /** The name of the local time zone in tzdata; UTC where absent. */
  readonly timeZone?: string;
  readonly limits?: Partial<SprigLimits>;
  /** A fast source of RSA keys: the DER of a PKCS #1 private key. Where absent, keys are made in JavaScript. */
  generateRsaKey?(bits: number): Uint8Array;
}

const DEFAULT_LIMITS: SprigLimits = { stringLength: 64 * 1024 * 1024, listLength: 1_000_000 };

export function limitsOf(environment: SprigEnvironment): SprigLimits {
  return { ...DEFAULT_LIMITS, ...environment.limits };
}
