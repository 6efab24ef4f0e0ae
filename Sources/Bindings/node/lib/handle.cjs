'use strict';

const { BusyError, StaleFenceError, HostSupersededError, NotFoundError } = require('./errors.cjs');

/**
 * How long one question to the library lasts, on a thread of its own. Ending a turn answers it;
 * where turns are left as they are, closing waits for it.
 */
const patienceMilliseconds = { ending: 60_000, leaving: 500 };

/** How only a run's own turn ends it. */
const ownOutcomes = ['succeeded', 'failed', 'timedOut'];

/** The handles of an engine's turns that have not ended. */
const byEngine = new WeakMap();

function handlesOf(engine) {
  let handles = byEngine.get(engine);
  if (!handles) byEngine.set(engine, handles = new Set());
  return handles;
}

/**
 * A turn of the library's, by its number.
 *
 * It knows nothing of the `Turn` that it belongs to, so that one which nobody can reach any more is
 * noticed, and ended.
 */
class Handle {
  #engine;
  #number;
  #patience;
  #event;
  #brought;
  /** What `next`, `start` and `finish` wait for: they take turns. */
  #busy;
  #stopping;
  #attempt;
  /** What the turn came to: the library's last event, or the error that ended it. */
  end;

  constructor({ host, engine, endsRuns }, session, { turn, disposition, next }) {
    this.#engine = engine;
    this.#patience = patienceMilliseconds[endsRuns ? 'ending' : 'leaving'];
    this.host = host;
    this.#number = turn;
    this.session = session;
    this.disposition = disposition;
    handlesOf(engine).add(this);
    this.#bring(next);
  }

  /** What came with another answer is what comes next. */
  #bring(event) {
    if (event && event.event !== 'nothing') this.#brought = event;
  }

  #takeBrought() {
    const event = this.#brought;
    this.#brought = undefined;
    this.#take(event);
  }

  /** Whether somebody wants it to end. */
  get isStopping() { return this.#stopping !== undefined; }
  /** Whether a run of it is open, as far as is known here. */
  get isRunning() { return this.#attempt !== undefined && !this.end; }

  /** What is carried out from here, to be told when it must end. */
  carries(attempt) { this.#attempt = new WeakRef(attempt); }

  /** What comes next. After the end, the end again. */
  async next() {
    while (this.#busy) await this.#busy;
    if (this.#brought && !this.end) {
      this.#takeBrought();
    } else if (!this.end) {
      const params = { turn: this.#number, milliseconds: this.#patience };
      try {
        this.#take(await this.#alone('turn.next', params));
      } catch (error) {
        this.#fail(error);
      }
    }
    return this.#given();
  }

  /**
   * The same where it is there already, after a run was started or an attempt finished: that takes
   * no time, and no thread.
   */
  nextAtOnce() {
    if (this.#busy || this.#stopping || this.end) return this.next();
    if (this.#brought) {
      this.#takeBrought();
      return this.#given();
    }
    try {
      this.#take(this.#engine.callSync('turn.next', { turn: this.#number, milliseconds: 0 }));
    } catch (error) {
      this.#fail(error);
    }
    return this.#given();
  }

  #take(event) {
    this.#event = event;
    if (event.event === 'end') this.#conclude(event);
  }

  #fail(error) {
    this.#conclude({ event: 'end', error });
  }

  #given() {
    if (this.end?.error) throw this.end.error;
    return this.end ?? this.#event;
  }

  async #alone(method, params) {
    let done;
    this.#busy = new Promise((resolve) => { done = resolve; });
    try {
      return await this.#engine.call(method, params);
    } finally {
      this.#busy = undefined;
      done();
    }
  }

  /** Starts a CLI. What is wrong with the call is thrown; the attempt is still to be made then. */
  start(call) { return this.#inTurn('turn.start', call); }

  /** Finishes an attempt that was made without one. */
  finish(facts) { return this.#inTurn('turn.finish', facts); }

  async #inTurn(method, params) {
    while (this.#busy) await this.#busy;
    // Whatever stops it has ended it meanwhile, or will.
    if (this.end || this.#stopping) return;
    this.#bring(await this.#alone(method, { ...params, turn: this.#number }));
  }

  report(facts) { return this.#engine.call('turn.report', { ...facts, turn: this.#number }); }

  async check() {
    if (this.end) throw this.end.error ?? new StaleFenceError('the run has ended');
    await this.#engine.call('turn.check', { turn: this.#number });
  }

  /** Rejects unless pieces of a run that were read already may be handed on. */
  async checkRead({ run, fence }) {
    try {
      await this.#engine.check({ session: this.session, fence });
    } catch (error) {
      if (!(error instanceof StaleFenceError)) throw error;
      // With the last of them the library has ended the run, and nobody else did.
      const { outcome } = await this.#engine.run({ run });
      if (!ownOutcomes.includes(outcome)) await this.check();
    }
  }

  /** Ends the run; resolves once it has ended, and its CLI with it. Never rejects. */
  stop(outcome, reason) {
    return this.#ends(
      () => this.#engine.call('turn.stop', { turn: this.#number, outcome }), reason);
  }

  /** Sees to the end of a turn that the library has been told to end. */
  #ends(tell, reason) {
    if (this.end) return Promise.resolve();
    this.#stopping ??= this.#stop(tell, reason);
    return this.#stopping;
  }

  async #stop(tell, reason) {
    // Who listens to the abort may ask to stop again.
    await undefined;
    this.#attempt?.deref()?.abort(reason);
    try {
      await tell();
      while (!this.end) await this.next();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The library has ended the run already, or taken it from this process. */
  wasEnded(reason) { return this.#ends(() => {}, reason); }

  /** Ends the turn, if it has not ended. Rejects where the end could not be written. */
  async close(outcome, reason) {
    await this.stop(outcome, reason);
    const error = this.end?.error;
    const isAnothers = error instanceof StaleFenceError || error instanceof HostSupersededError
      || error instanceof NotFoundError;
    if (error && !isAnothers) throw error;
  }

  /** The host leaves it as it is. */
  leave() {
    const error = new BusyError('the host was closed, and its run left to the next process of it');
    this.#attempt?.deref()?.abort(error);
    this.#note({ event: 'end', error });
  }

  #conclude(end) {
    if (this.end) return;
    this.#note(end);
    // At an end of its own the library has let go of the turn; after an error it may not have.
    if (!end.error) return;
    try {
      this.#engine.call('turn.close', { turn: this.#number }).catch(() => {});
    } catch {
      // The engine is closed, and all its turns with it.
    }
  }

  #note(end) {
    this.end = end;
    handlesOf(this.#engine).delete(this);
  }
}

module.exports = { Handle, handlesOf };
