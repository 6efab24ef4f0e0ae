'use strict';

const { Handle } = require('./handle.cjs');
const { CommandAttempt, FunctionAttempt } = require('./attempt.cjs');
const { RunFailedError, RefusedError, ConflictError } = require('./errors.cjs');
const { checkNames } = require('./names.cjs');

/** For so long no reset can have been made: pieces that came together are checked together. */
const freshMilliseconds = 0.05;

/** Ends the turns that nobody can reach any more. */
const forgotten = new FinalizationRegistry(
  (handle) => handle.close('interrupted').catch(() => {}));

/** One run of a session, from its wake to its end, and what the agent says and does in it. */
class Turn {
  #host;
  #request;
  #settings;
  #check;
  #abortSignal;
  #begun;
  #handle;
  #attempted;
  #attempt;
  #isToStart = false;
  #pieces = [];
  #place = 0;
  #checkedAt = 0;
  #thrown;
  /** Whether the body of a scope decides how the run ends, and not the loop in it. */
  #isInScope = false;
  #isLeft = false;
  #isOver = false;
  #last = Promise.resolve();
  #forgetSignal;

  /** `settings` are `command` or `run`, and the times of the agent; use `turn` of a host. */
  constructor(host, request, settings, { check, signal }) {
    this.#host = host;
    this.#request = request;
    this.#settings = settings;
    this.#check = check;
    this.#abortSignal = signal;
  }

  get session() { return this.#request.session; }
  get text() { return this.#attempted?.text ?? this.#request.text ?? ''; }
  get payloads() {
    return this.#attempted?.payloads ?? [this.#request.text].filter((text) => text != null);
  }
  get run() { return this.#attempted?.run ?? null; }
  get attempt() { return this.#attempted?.attempt ?? null; }
  get fence() { return this.#attempted?.fence ?? null; }
  get plan() { return this.#attempted?.plan ?? null; }
  get sessionId() { return this.plan?.sessionId ?? null; }
  get failure() {
    return this.result ? this.result.failure?.kind ?? null : this.#attempted?.failure ?? null;
  }
  get disposition() { return this.#handle?.end?.disposition ?? this.#handle?.disposition ?? null; }
  get because() { return this.#handle?.end?.because ?? null; }
  get result() { return this.#handle?.end?.result ?? null; }
  get signal() { return this.#attempt?.signal ?? null; }

  begin() {
    if (this.#isLeft && !this.#begun) {
      return Promise.reject(new ConflictError('the turn was closed; make another one'));
    }
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  async #begin() {
    const signal = this.#abortSignal;
    signal?.throwIfAborted();
    const opened = await this.#host.open(this.#request);
    const handle = this.#handle = new Handle(this.#host, this.session, opened);
    forgotten.register(this, handle);
    this.#host.keep(handle);
    if (signal) {
      const stop = () => { handle.stop('cancelled', signal.reason); };
      signal.addEventListener('abort', stop, { once: true });
      this.#forgetSignal = () => signal.removeEventListener('abort', stop);
      if (signal.aborted) stop();
    }
    if (opened.disposition !== 'deferred') this.#take(await handle.nextAtOnce());
    if (this.disposition === 'refused') throw new RefusedError(this.because);
    return this;
  }

  /** Takes note of an event. */
  #take(event) {
    if (event.event === 'pieces') {
      [this.#pieces, this.#place, this.#checkedAt] = [event.pieces, 0, performance.now()];
    } else if (event.event === 'attempt') {
      this.#attempted = event;
      this.#attempt = this.#settings.run
        ? new FunctionAttempt(this.#handle, this.#settings) : new CommandAttempt();
      this.#handle.carries(this.#attempt);
      this.#isToStart = true;
    }
  }

  /** The next piece; undefined at the end. */
  async #piece() {
    await this.begin();
    const handle = this.#handle;
    for (;;) {
      if (handle.isStopping) await handle.wasEnded();
      if (handle.end) {
        this.#conclude(await handle.next());
        return undefined;
      }
      if (this.#place < this.#pieces.length) {
        const isOurs = await this.#mayHandOn(() => handle.checkRead(this.#attempted));
        if (isOurs) return this.#pieces[this.#place++];
      } else if (this.#isToStart) {
        this.#isToStart = false;
        await this.#start();
      } else if (this.#attempt instanceof FunctionAttempt) {
        const said = await this.#attempt.next();
        if (said?.facts) await this.#finish(said.facts);
        else if (said && await this.#mayHandOn(() => handle.check())) return said.piece;
      } else {
        this.#take(await handle.next());
      }
    }
  }

  async #start() {
    const { run, command } = this.#settings;
    if (run) this.#attempt.start(run, this);
    else await this.#attempt.start(this.#handle, command, this);
  }

  async #finish(facts) {
    this.#thrown = this.#attempt.thrown;
    this.#attempt = undefined;
    await this.#handle.finish(facts);
    this.#take(await this.#handle.nextAtOnce());
  }

  /** Whether the run is still this turn's: once it is another's, nothing more is handed on. */
  async #mayHandOn(check) {
    if (performance.now() - this.#checkedAt > freshMilliseconds) {
      try {
        await check();
      } catch (error) {
        this.#handle.wasEnded(error);
      }
      this.#checkedAt = performance.now();
    }
    return !this.#handle.isStopping && !this.#handle.end;
  }

  #conclude({ result, said }) {
    if (this.disposition === 'refused') throw new RefusedError(this.because);
    if (this.#abortSignal?.aborted && result?.outcome !== 'succeeded') {
      throw this.#abortSignal.reason;
    }
    if (!result || result.outcome === 'succeeded' || !this.#check) return;
    throw new RunFailedError(result, said, this.#thrown);
  }

  async #step() {
    const over = { value: undefined, done: true };
    if (this.#isOver || this.#isLeft) return over;
    try {
      const piece = await this.#piece();
      if (piece !== undefined && !this.#isLeft) return { value: piece, done: false };
      this.#end();
      return over;
    } catch (error) {
      this.#end();
      if (this.#isLeft) return over;
      await this.#handle?.stop('interrupted', error);
      throw error;
    }
  }

  #end() {
    this.#isOver = true;
    this.#forgetSignal?.();
  }

  [Symbol.asyncIterator]() {
    return {
      next: () => {
        const step = this.#last.then(() => this.#step());
        this.#last = step.catch(() => {});
        return step;
      },
      return: async (value) => {
        if (!this.#isInScope) await this.#leave('cancelled');
        return { value, done: true };
      },
      throw: async (error) => {
        if (!this.#isInScope) await this.#leave('interrupted', error);
        throw error;
      },
      [Symbol.asyncIterator]() { return this; },
    };
  }

  async finished() {
    let text = '';
    for await (const piece of this) {
      if (piece.kind === 'text') text += piece.text;
    }
    return text;
  }

  /** Has the run end with a function. */
  async within(body) {
    this.#isInScope = true;
    let given;
    try {
      await this.begin();
      given = await body(this);
    } catch (error) {
      await this.#leave('interrupted', error).catch(() => {});
      throw error;
    }
    await this.#leave('cancelled');
    return given;
  }

  async #leave(outcome, reason) {
    this.#isLeft = true;
    await this.#begun?.catch(() => {});
    this.#forgetSignal?.();
    await this.#handle?.close(outcome, reason);
  }

  async stop() {
    if (!this.#begun) this.#isLeft = true;
    await this.#begun?.catch(() => {});
    await this.#handle?.stop('cancelled');
  }

  async close() { await this.#leave('interrupted'); }

  async check() {
    if (!this.#handle) throw new ConflictError('the turn has not begun');
    try {
      await this.#handle.check();
    } catch (error) {
      if (this.#handle.isRunning) this.#handle.wasEnded(error);
      throw error;
    }
  }

  async report(facts) {
    checkNames(facts, ['sessionId', 'entered'], 'report');
    await this.#current().report(facts);
  }

  async finish(facts) { this.#current().finish(facts); }

  #current() {
    if (this.#attempt) return this.#attempt;
    throw new ConflictError('no attempt of this turn is under way');
  }
}

if (Symbol.asyncDispose) {
  Object.defineProperty(Turn.prototype, Symbol.asyncDispose, {
    value() { return this.close(); }, writable: true, configurable: true,
  });
}

module.exports = { Turn };
