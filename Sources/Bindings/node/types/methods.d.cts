// The methods, as an engine and a client have them.

import type * as asked from './requests.cjs';
import type * as given from './results.cjs';
import type { JSONObject, JSONValue, Timed } from './vocabulary.cjs';

/**
 * A page when awaited, every item of every page when iterated over. Nothing is asked for before
 * either.
 */
export interface Pages<Page, Item> extends PromiseLike<Page>, AsyncIterable<Item> {
  catch<Result = never>(handler: (error: unknown) => Result | PromiseLike<Result>):
    Promise<Page | Result>;
  finally(handler: () => void): Promise<Page>;
}

export interface SubscribeOptions {
  /** The first event wanted; left out, the log's first. */
  from?: number;
  /** Ends the subscription: the iterator throws the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Every method of the wire. A call that writes resolves once its events are durable; many at once
 * share commits. Errors are `WakelogError`s.
 */
export abstract class Methods {
  /** Carries out a method by its name. */
  call(method: string, params?: JSONObject): Promise<JSONValue>;

  hello(params?: Timed): Promise<given.HelloResult>;
  /** Asks to run an agent. When `started`, run `plan` and call `finish`. */
  wake(params: asked.WakeRequest): Promise<given.WakeResult>;
  /** Renews the lease; with `entered`, proves the session. */
  progress(params: asked.ProgressRequest): Promise<given.ProgressResult>;
  /** Ends an attempt. Unless `settled`, run `next`. */
  finish(params: asked.FinishRequest): Promise<given.FinishResult>;
  /** Starts the deferred wake. */
  next(params: asked.NextRequest): Promise<given.NextResult>;
  /** Drops the deferred wake. */
  cancel(params: asked.CancelRequest): Promise<given.Session>;
  /** Ends the generation: nothing from before is offered, bound or written after it. */
  reset(params: asked.ResetRequest): Promise<given.ResetResult>;
  /** Ends an open run that nobody carries on. */
  abandon(params: asked.AbandonRequest): Promise<given.Session>;
  /** Says whether a provider session's transcript exists. */
  probe(params: asked.ProbeRequest): Promise<given.Session>;
  /** Rejects with `StaleFenceError` unless the fence still holds. */
  check(params: asked.CheckRequest): Promise<given.CheckResult>;
  /** Moves the cursor of transcript messages written. */
  flush(params: asked.FlushRequest): Promise<given.FlushResult>;
  /** A process of a host starts: runs of earlier ones end as interrupted. */
  host(params: asked.HostRequest): Promise<given.HostResult>;
  upgrade(params: asked.UpgradeRequest): Promise<given.UpgradeResult>;
  pause(params: asked.PauseRequest): Promise<given.Agent>;
  unpause(params: asked.PauseRequest): Promise<given.Agent>;
  repair(params: asked.RepairRequest): Promise<given.Session>;
  session(params: asked.SessionRequest): Promise<given.Session>;
  agent(params: asked.AgentRequest): Promise<given.Agent>;
  run(params: asked.RunRequest): Promise<given.Run>;
  /** What an operator should look at. */
  attention(params?: Timed): Promise<given.Attention[]>;
  why(params: asked.WhyRequest): Promise<given.WhyResult>;
  policy(params?: asked.PolicyRequest): Promise<given.PolicyResult>;
  /** Points a key to an id that its host had before. */
  adopt(params: asked.AdoptRequest): Promise<given.Session>;
  /** Takes back condemnations in bulk. */
  revive(params: asked.ReviveRequest): Promise<given.ReviveResult>;
  redact(params: asked.RedactRequest): Promise<given.RedactResult>;
  forget(params: asked.ForgetRequest): Promise<given.ForgetResult>;
  sessions(params?: asked.SessionsRequest): Pages<given.Page<given.Session>, given.Session>;
  agents(params?: asked.AgentsRequest): Pages<given.Page<given.Agent>, given.Agent>;
  events(params?: asked.EventsRequest): Pages<given.EventPage, given.WakelogEvent>;

  /**
   * Every durable event from one on, of whichever process, in order and without gaps, as they come.
   * Read at the pace at which it is iterated over. Ends when this engine or client is closed.
   */
  subscribe(options?: SubscribeOptions): AsyncGenerator<given.WakelogEvent, void, void>;

  /** Waits for calls under way. Calls made later reject with `BusyError`. */
  close(): Promise<void>;
}
