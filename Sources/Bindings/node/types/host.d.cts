// The loop around an agent.

import type { Engine } from '../index.cjs';
import type { FinishRequest, WakeRequest } from './requests.cjs';
import type { FinishResult, Plan, ResetResult } from './results.cjs';
import type { PolicyPatch } from './policy.cjs';
import type {
  FailureKind, JSONObject, JSONValue, Optional, Usage, Workspace,
} from './vocabulary.cjs';

/** What an agent said or did. */
export type Piece =
  /** Text of the answer: all of it, or what follows on the piece before. */
  | TextPiece
  | ToolPiece
  | UsagePiece
  | RawPiece;

/** What pieces of other kinds have is undefined. */
interface NoPiece {
  text?: undefined; name?: undefined; input?: undefined; usage?: undefined; document?: undefined;
}
export type TextPiece = Omit<NoPiece, 'text'> & { kind: 'text'; text: string };
/** A tool that the agent calls, and what it calls it with; null where the output does not say. */
export type ToolPiece = Omit<NoPiece, 'name' | 'input'>
  & { kind: 'tool'; name: string; input: JSONValue };
/** What the attempt has used so far. */
export type UsagePiece = Omit<NoPiece, 'usage'> & { kind: 'usage'; usage: Usage };
/** Any other document of the output. */
export type RawPiece = Omit<NoPiece, 'document'> & { kind: 'raw'; document: JSONValue };

/** A CLI's call. No shell takes it apart, and no word chooses a session: those are put in. */
export type AgentCall = readonly string[] | {
  /** The program and its arguments. */
  command: readonly string[];
  /** Variables beside those of this process; null takes one away. */
  environment?: { readonly [name: string]: string | null | undefined } | null;
  /** What it reads from its standard input; left out, nothing. */
  input?: string | null;
  /** Where it works; left out, in the workspace. */
  directory?: string | null;
};

/** What a function that makes an attempt may give. */
export type Answer =
  | AsyncIterable<string | Piece> | Iterable<string | Piece> | Piece | undefined | void;

/** An attempt is made by a CLI, or by a function. */
export interface Work {
  /** The call of a CLI. What it throws ends the run, and is thrown from the turn. */
  command: (turn: Turn) => AgentCall | Promise<AgentCall>;
  /**
   * Answers through a library: resumes `turn.sessionId`, where there is one, and yields what the
   * agent says. It has succeeded when it ends; what it throws is the attempt's failure. A turn that
   * is ended aborts `turn.signal`, and does not wait for it.
   */
  run: (turn: Turn) => Answer | Promise<Answer>;
}

type OneOf<Members> = {
  [Name in keyof Members]: Pick<Members, Name> & { [Other in Exclude<keyof Members, Name>]?: null };
}[keyof Members];

/** How an agent is run. */
export type AgentSettings = Optional<{
  /** An absolute path, or one with its kind; `project` otherwise. */
  workspace: string | (Pick<Workspace, 'path'> & Partial<Workspace>);
  /** After how many seconds without a sign of life a run counts as lost; 60 by default. */
  lease: number;
  /** After how many seconds an attempt is ended, with all that it has started; never by default. */
  timeout: number;
  /**
   * How many seconds a turn waits for an open run of its session; as long as it takes by default,
   * 0 for not at all. A wake that was not waited for stays in the log.
   */
  wait: number;
  /**
   * What to do where a CLI of a host that is gone lives on in the session: `refuse` to start
   * another beside it, with a `BusyError`, `wait` for its end, or `end` it. `refuse` by default.
   */
  orphans: 'refuse' | 'wait' | 'end';
}>;

export type AgentOptions = AgentSettings & OneOf<Work> & {
  agent: string;
  /** As wakes name it: a provider that `providers()` lists, any other name, or a document. */
  provider: string | JSONObject;
};

export interface EndOptions {
  /**
   * Whether CLIs end with the host; true by default. Otherwise `close` leaves them and their runs
   * as they are, to be found by the next process of the host. The first host over an engine says
   * it for all of them.
   */
  endsRuns?: boolean | undefined;
  /** Whether a CLI may be run of which nothing is known, and of which nothing is resumed then. */
  unknownProvider?: boolean | undefined;
}

export type HostOptions = AgentOptions & EndOptions & {
  /** The directory of the log. */
  log: string;
  /** The name of this process' host, of which one at a time lives. */
  name: string;
  /** As of `Engine.open`. */
  policy?: string | PolicyPatch | undefined;
  takeOver?: boolean | undefined;
};

/** What one turn has otherwise: everything of its wake, and of the agent. */
export type TurnOptions = AgentSettings
  & Partial<Omit<WakeRequest, 'session' | 'agent' | 'provider' | 'workspace' | 'lease' | 'payload'>>
  & (OneOf<Work> | { command?: null; run?: null })
  & Optional<{ agent: string; provider: string | JSONObject }>
  & {
    /** Whether a run that did not succeed is thrown; true by default. */
    check?: boolean | undefined;
    /** Ends the run as cancelled: the iterator throws the signal's reason. */
    signal?: AbortSignal | undefined;
  };

/** A run that an earlier process of the host left open; the opening of the log has ended it. */
export interface InterruptedRun {
  readonly run: number;
  readonly session: string;
  readonly agent: string;
  readonly provider: string;
  readonly sessionId: string | null;
  /** What it was to answer, in the order of its wakes. */
  readonly payloads: string[];
  readonly pid: number | null;
  readonly startedAt: string;
  /** Whether its CLI, or what that has started, still lives. */
  isAlive(): Promise<boolean>;
  /**
   * Ends them, politely at first and by force after five seconds; resolves with whether none is
   * left.
   */
  endOrphan(): Promise<boolean>;
}

/**
 * The loop around an agent: it wakes it, runs its CLI, falls back to a fresh session where the old
 * one is gone, and sees to it that whatever happens the run ends.
 *
 * Leases are renewed, and CLIs ended that take too long, by threads of the library: a loop that is
 * busy elsewhere does no harm. CLIs die with this process, however it ends; what they have started
 * themselves may live on, and `endOrphan` ends it. A process that exits or is killed in a turn
 * leaves its run to `interrupted` of the next; one that has nothing left to do ends it.
 */
export class Host {
  private constructor();
  /** Opens the log, which `close` closes. A `BusyError` while a process that has the name lives. */
  static open(options: HostOptions): Promise<Host>;
  /** A host over a log that is open: one of several, for agents of their own. */
  static over(engine: Engine, options: AgentOptions & EndOptions): Promise<Host>;

  readonly engine: Engine;
  readonly interrupted: readonly InterruptedRun[];

  /**
   * A turn of a session, in which the agent is to answer `text`; null for a wake that says nothing.
   * Nobody is woken before it is iterated over: `for await` over it, or await its `finished()`.
   */
  turn(session: string, text?: string | null, options?: TurnOptions): Turn;
  /**
   * The same within a function. Where that throws, the run ends as interrupted; where it returns
   * before the run has ended, as cancelled. Either way the CLI is gone before this resolves.
   */
  turn<Result>(
    session: string, text: string | null | undefined, options: TurnOptions,
    body: (turn: Turn) => Result | Promise<Result>): Promise<Result>;
  turn<Result>(
    session: string, text: string | null | undefined,
    body: (turn: Turn) => Result | Promise<Result>): Promise<Result>;

  /**
   * Ends the open run of a session as cancelled, whichever host over the engine carries it out, and
   * resolves once its CLI is gone: with whether there was one.
   */
  stop(session: string): Promise<boolean>;
  /** Begins a new generation of a session; a turn of the old one throws `StaleFenceError`. */
  reset(session: string, options?: { because?: string }): Promise<ResetResult>;
  /** Ends every turn of this host as interrupted, and its CLI; closes the log that `open` opened. */
  close(): Promise<void>;
}

/**
 * One run of a session, from its wake to its end, and what the agent says and does in it.
 *
 * At the end of a run that did not succeed it throws `RunFailedError`; for a wake that was refused,
 * `RefusedError`; once the run is another's, `StaleFenceError` or `HostSupersededError`, and hands
 * on nothing more. There are no pieces where no run was started: `disposition` says why.
 *
 * A loop over it that is left ends the run as cancelled, with its CLI. JavaScript cannot tell
 * `break` from an exception there: where it matters, give `host.turn` a function.
 */
export class Turn implements AsyncIterable<Piece> {
  private constructor();
  readonly session: string;
  /** What the agent is asked: the payloads, with an empty line between them. */
  readonly text: string;
  /** Those of all wakes that the run answers, in their order. */
  readonly payloads: readonly string[];
  /** Null until a run was started, as are the next three. */
  readonly run: number | null;
  readonly attempt: number | null;
  readonly fence: string | null;
  readonly plan: Plan | null;
  /** The id to resume; null for a fresh session. */
  readonly sessionId: string | null;
  /** How the last attempt that has ended failed. */
  readonly failure: FailureKind | null;
  /**
   * What became of the wake; null before it: `deferred` while it waits for its run, `merged` when
   * another turn has taken it along, `duplicate` when it had been made before.
   */
  readonly disposition:
    'started' | 'deferred' | 'merged' | 'coalesced' | 'refused' | 'duplicate' | null;
  /** Why it was refused. */
  readonly because: string | null;
  /** Of the last attempt; null before the end. */
  readonly result: FinishResult | null;
  /** Aborted when the attempt that is under way is to end; null where none is. */
  readonly signal: AbortSignal | null;

  [Symbol.asyncIterator](): AsyncIterableIterator<Piece>;
  /** Wakes, and gives the turn; whoever does so iterates over it, or closes it. */
  begin(): Promise<this>;
  /** Iterates to the end, and gives the whole text. */
  finished(): Promise<string>;
  /** Ends the run as cancelled; resolves once its CLI is gone. */
  stop(): Promise<void>;
  /** Ends the run, if it has not ended, as interrupted; resolves once its CLI is gone. */
  close(): Promise<void>;
  /** Rejects with `StaleFenceError` unless the run may still write. */
  check(): Promise<void>;
  /** For `run`: names the session, and says whether a model has answered in it. */
  report(facts: { sessionId?: string | null; entered?: boolean | null }): Promise<void>;
  /** For `run`: what is known of the attempt's end. It is told once the function has ended. */
  finish(facts: Omit<FinishRequest, 'attempt' | 'fence'>): Promise<void>;
}
