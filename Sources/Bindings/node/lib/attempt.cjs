'use strict';

const { callOf, checkFacts, invalid } = require('./settings.cjs');
const { ConflictError } = require('./errors.cjs');

/** Facts that say how an attempt ended; without any of them it succeeded. */
const endings = [
  'outcome', 'exitCode', 'signal', 'stdout', 'stderr', 'message', 'status', 'errorCode',
];
const kinds = ['text', 'tool', 'usage', 'raw'];

/** An attempt that may have to end before it does by itself. */
class Attempt {
  /** Made when it is asked for, which is seldom. */
  #controller;
  #reason;
  isAborted = false;

  get signal() {
    this.#controller ??= new AbortController();
    if (this.isAborted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  abort(reason) {
    if (this.isAborted) return;
    [this.isAborted, this.#reason] = [true, reason];
    this.#controller?.abort(reason);
  }
}

/** One whose CLI the library runs. */
class CommandAttempt extends Attempt {
  #interrupt;

  abort(reason) {
    super.abort(reason);
    this.#interrupt?.();
  }

  /** Asks for the call, and has it made, unless the turn is ended meanwhile. */
  async start(handle, command, turn) {
    const call = await new Promise((resolve, reject) => {
      this.#interrupt = resolve;
      Promise.resolve(command(turn)).then(resolve, reject);
    });
    if (!this.isAborted) await handle.start(callOf(call));
  }

  finish() {
    throw new ConflictError('a CLI makes this attempt, and its end is seen; `finish` is for `run`');
  }

  report() {
    throw new ConflictError('a CLI makes this attempt, and is read; `report` is for `run`');
  }
}

/** One that a function of the host's makes. */
class FunctionAttempt extends Attempt {
  #handle;
  #iterator;
  #facts = {};
  #deadline;
  #lookMilliseconds;
  /** Makes a question that is under way end: the function is not waited for. */
  #interrupt;
  /** What the function threw. */
  thrown;

  constructor(handle, { timeout, lease }) {
    super();
    this.#handle = handle;
    this.#deadline = timeout === undefined ? Infinity : performance.now() + timeout * 1000;
    this.#lookMilliseconds = lease * 1000 / 3;
  }

  abort(reason) {
    super.abort(reason);
    if (this.#interrupt) this.#interrupt();
    else this.#leave();
  }

  start(run, turn) { this.#iterator = iteratorOf(() => run(turn)); }

  async report(facts) { await this.#handle.report(facts); }

  finish(facts) {
    checkFacts(facts);
    Object.assign(this.#facts, facts);
  }

  /** `{ piece }`, `{ facts }` at the end, or undefined where the turn was ended meanwhile. */
  async next() {
    if (this.isAborted) return undefined;
    const timers = [];
    try {
      const asked = await new Promise((resolve, reject) => {
        this.#interrupt = () => resolve(undefined);
        if (this.#deadline < Infinity) timers.push(setTimeout(
          () => resolve({ isLate: true }), Math.max(0, this.#deadline - performance.now())));
        timers.push(setInterval(() => this.#look(), this.#lookMilliseconds));
        this.#iterator.next().then(resolve, reject);
      });
      if (asked?.isLate) return this.#late();
      if (asked === undefined) return this.#leave();
      return asked.done ? { facts: this.#ended() } : { piece: pieceOf(asked.value) };
    } catch (error) {
      this.thrown = error;
      this.#leave();
      return { facts: { ...this.#facts, ...factsOf(error) } };
    } finally {
      this.#interrupt = undefined;
      for (const timer of timers) clearTimeout(timer);
    }
  }

  /** A function that says nothing for long may have lost its run. */
  #look() {
    this.#handle.check().catch((error) => this.#handle.wasEnded(error));
  }

  #late() {
    const reason = new DOMException('the attempt took longer than its timeout', 'TimeoutError');
    this.thrown = reason;
    this.abort(reason);
    return { facts: { ...this.#facts, outcome: 'timedOut', message: reason.message } };
  }

  /** Lets go of the function: a generator ends where it stands, or when it gets there. */
  #leave() {
    this.#iterator?.return().catch(() => {});
    return undefined;
  }

  #ended() {
    const saysHow = endings.some((name) => (this.#facts[name] ?? null) !== null);
    return saysHow ? this.#facts : { ...this.#facts, outcome: 'succeeded' };
  }
}

/** The pieces of whatever a function gives: an iterable, a promise of one, a text, or nothing. */
async function* iteratorOf(run) {
  const given = await run();
  if (given === undefined || given === null) return;
  if (typeof given === 'object' && (given[Symbol.asyncIterator] || given[Symbol.iterator])) {
    yield* given;
  } else {
    yield given;
  }
}

function pieceOf(value) {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (kinds.includes(value?.kind)) return value;
  throw invalid('piece', `must be a string, or an object whose \`kind\` is ${kinds.join(', ')}; `
    + `\`run\` gave ${typeof value}`);
}

/** What an exception says of the attempt that it ended. */
function factsOf(error) {
  const isError = error instanceof Error;
  const facts = {
    outcome: 'failed', message: isError ? `${error.name}: ${error.message}` : String(error),
  };
  const status = [error?.status, error?.statusCode].find(
    (value) => Number.isInteger(value) && value >= 100 && value <= 599);
  if (status !== undefined) facts.status = status;
  const code = error?.code;
  if (typeof code === 'string' && /^[!-~]{1,200}$/.test(code)) facts.errorCode = code;
  return facts;
}

module.exports = { CommandAttempt, FunctionAttempt };
