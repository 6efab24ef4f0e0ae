import type { Engine, Client, FinishRequest, FinishResult, Plan, Started } from '../index.js';

/** An engine of this process, or of another. */
export type Log = Engine | Client;

/** The facts of an attempt's end. */
export type Facts = Omit<FinishRequest, 'attempt' | 'fence'>;

/** Carries out the attempts of a started wake until the run is settled. */
export function runAttempts(
  log: Log,
  started: Pick<Started, 'attempt' | 'fence' | 'plan'>,
  carryOut: (plan: Plan, held: { attempt: number; fence: string }) => Facts | Promise<Facts>,
): Promise<{ end: FinishResult; error?: unknown }>;
