// Wakelog for Node: which provider session an agent host resumes, and what it does when that fails.

import type {
  CheckRequest, FinishRequest, ProgressRequest, WakeRequest,
} from './types/requests.cjs';
import type {
  CheckResult, FinishResult, ProgressResult, WakeResult,
} from './types/results.cjs';
import type {
  Failure, FailureFamily, FailureKind, JSONObject, JSONValue, Optional, Outcome, Printed, Usage,
} from './types/vocabulary.cjs';
import type { PolicyPatch } from './types/policy.cjs';
import { Methods } from './types/methods.cjs';

export * from './types/vocabulary.cjs';
export * from './types/requests.cjs';
export * from './types/results.cjs';
export * from './types/policy.cjs';
export * from './types/host.cjs';
export type { Methods, Pages, SubscribeOptions } from './types/methods.cjs';

export interface OpenOptions {
  /** The directory of the log, made if need be. */
  log: string;
  /**
   * The name of this process' host: runs that it left open when it was killed end as interrupted,
   * and wakes carry its name. Processes that live at the same time take different names: opening
   * with one that another process of this machine has is a `BusyError`. Null for a process that
   * starts no runs.
   */
  host: string | null;
  /** A document, or the name of one that is built in: adopted for every process on the log. */
  policy?: string | PolicyPatch;
  readOnly?: boolean;
  /** Times may lie ahead of the clock. */
  givenClock?: boolean;
  mapSizeBytes?: number;
  /**
   * After how many seconds sessions that nobody woke may leave memory for a file without a name in
   * the directory, from where they come back when they are asked for. 0 for never; a day by default.
   */
  coldAfterSeconds?: number;
  /**
   * How long a call that writes waits for another process that writes, before it is a `BusyError`,
   * which names that process; 30 by default, 0 for not at all.
   */
  writerWaitSeconds?: number;
  /** Take a directory that others can write to, or that belongs to another user. */
  trustsFolder?: boolean;
  /** Take the host's name though a process of this machine that has it lives. */
  takeOver?: boolean;
}

/**
 * A log, open in this process. It is open once in a process, whichever thread opened it: a second
 * opening is a `BusyError`. A thread that ends closes its engines, and an engine that nobody can
 * reach any more is closed. A process that exits while calls are under way has carried out each of
 * them wholly or not at all.
 */
export class Engine extends Methods {
  private constructor();
  static open(options: OpenOptions): Promise<Engine>;
  /** Keeps the event loop until the log is open. */
  static openSync(options: OpenOptions): Engine;

  /** Carries out a method by its name, and keeps the event loop until its events are durable. */
  callSync(method: string, params?: JSONObject): JSONValue;
  wakeSync(params: WakeRequest): WakeResult;
  progressSync(params: ProgressRequest): ProgressResult;
  finishSync(params: FinishRequest): FinishResult;
  checkSync(params: CheckRequest): CheckResult;
}

export interface SpawnOptions {
  log: string;
  /** As of `OpenOptions`. */
  host: string | null;
  /** A document, the name of one that is built in, or the path of a file. */
  policy?: string | PolicyPatch;
  givenClock?: boolean;
  /** The `wakelog` tool; left out, the one on the PATH. */
  tool?: string;
}

/** An engine in another process: the same methods, without the addon. */
export class Client extends Methods {
  private constructor();
  /** Starts `wakelog serve` as a child process. A subscription starts another for itself. */
  static spawn(options: SpawnOptions): Promise<Client>;
  /** Connects to `wakelog serve --socket`. A subscription takes a connection of its own. */
  static connect(path: string): Promise<Client>;
}

/** Why a call was not carried out. `message` says what to do next. */
export class WakelogError extends Error {
  readonly code: string;
  /** The parameter concerned, as a dotted path. */
  readonly field?: string;
  /** Where the flush cursor is, when a flush did not start there. */
  readonly cursor?: number;
}
export class InvalidParameterError extends WakelogError { readonly code: 'invalidParameter' }
export class UnknownMethodError extends WakelogError { readonly code: 'unknownMethod' }
export class StaleFenceError extends WakelogError { readonly code: 'staleFence' }
export class NotFoundError extends WakelogError { readonly code: 'notFound' }
export class ConflictError extends WakelogError { readonly code: 'conflict' }
export class BusyError extends WakelogError { readonly code: 'busy' }
export class CorruptError extends WakelogError { readonly code: 'corrupt' }
export class DiskFullError extends WakelogError { readonly code: 'diskFull' }
export class ReadOnlyError extends WakelogError { readonly code: 'readOnly' }
export class TooLargeError extends WakelogError { readonly code: 'tooLarge' }
/** Another process took the host's name. */
export class HostSupersededError extends WakelogError { readonly code: 'hostSuperseded' }
/** A client's server has gone. Whether calls under way were carried out is not known: repeat them
 * with the same `key`. */
export class DisconnectedError extends WakelogError { readonly code: 'disconnected' }

/** A turn's run did not succeed. `cause` is what a host's own `run` has thrown. */
export class RunFailedError extends WakelogError {
  readonly code: 'runFailed';
  readonly outcome: Exclude<Outcome, 'succeeded'>;
  /** Null where nobody can say; as the next two. */
  readonly kind: FailureKind | null;
  readonly family: FailureFamily | null;
  /** The entry of the classifier's table that decided. */
  readonly because: string | null;
  /** Of the last attempt. */
  readonly result: FinishResult;
}
/** A turn's wake was refused. */
export class RefusedError extends WakelogError {
  readonly code: 'refused';
  readonly because: 'paused' | 'notBefore';
}

/** What is known of agent CLIs: one object per provider. */
export function providers(): JSONObject[];

/** The words of a CLI's call with those that resume or begin a session put in. */
export function command(request: { provider: string | JSONObject; command: string[] } & Optional<{
  sessionId: string; newId: string;
}>): { command: string[]; sessionId: string | null };

/** The facts of an ended attempt. */
export type Facts = Optional<{
  provider: string; exitCode: number; signal: number | string; stdout: Printed; stderr: Printed;
  message: Printed; status: number; errorCode: string; turns: number; outcome: Outcome;
  /** Whether the attempt asked for a session; left out, true. */
  resuming: boolean;
}>;

/** Which failure the facts show; `kind` is null for a success. */
export function classify(
  facts: Facts,
): Failure | { kind: null; family: null; because: string | null };

/** What a CLI's output says so far, null where it does not say. */
export interface OutputSaid {
  sessionId: string | null;
  /** Whether a model has answered. */
  entered: boolean;
  turns: number | null;
  usage: Usage | null;
}

/** Reads a CLI's standard output as it comes. */
export class OutputReader {
  /** A provider of the table, or a document of your own. */
  constructor(provider: string | JSONObject);
  feed(piece: string | Uint8Array): OutputSaid;
  /** The output has ended. */
  end(): OutputSaid;
  close(): void;
}
