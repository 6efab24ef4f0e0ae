'use strict';

const { load, start, value } = require('./native.cjs');
const { Methods } = require('./methods.cjs');
const { Tail } = require('./tail.cjs');
const { encode, encodeCall } = require('./parameters.cjs');
const { checkText, checkHost } = require('./checks.cjs');
const { BusyError } = require('./errors.cjs');

/** Events asked for at a time by a subscription. */
const pageLength = 256;

/** Closes the engines that nobody can reach any more. */
const forgotten = new FinalizationRegistry((engine) => start('close', engine).catch(() => {}));

/** A log, open in this process. */
class Engine extends Methods {
  #engine;
  #tail;
  #closed;

  /** Use `open`. */
  constructor(engine) {
    super();
    this.#engine = engine;
    this.#tail = new Tail((after, milliseconds) => start('wait', engine, after, milliseconds));
    forgotten.register(this, engine, this);
  }

  static async open(options) {
    return new Engine(await start('open', ...openingWords(options)));
  }

  static openSync(options) {
    return new Engine(value(load().openSync(...openingWords(options))));
  }

  /** Sends a method with its parameters as JSON text; resolves with the result. */
  send(method, params) {
    this.#checkOpen();
    return start('submit', this.#engine, method, params);
  }

  callSync(method, params) {
    if (typeof method !== 'string') throw new TypeError('a method is named by a string');
    this.#checkOpen();
    return value(load().call(this.#engine, method, encodeCall(method, params)));
  }

  wakeSync(params) { return this.callSync('wake', params); }

  progressSync(params) { return this.callSync('progress', params); }

  finishSync(params) { return this.callSync('finish', params); }

  checkSync(params) { return this.callSync('check', params); }

  async *subscribe({ from, signal } = {}) {
    let next = from ?? 1;
    while (!this.#closed) {
      signal?.throwIfAborted();
      let page;
      try {
        page = await this.call('events', { from: next, limit: pageLength });
        if (page.items.length === 0) {
          await this.#tail.reaches(Math.max(next, 1), signal);
          continue;
        }
      } catch (error) {
        // Closed while it was waited for: that is the end, and no error.
        if (this.#closed && error instanceof BusyError) return;
        throw error;
      }
      for (const event of page.items) {
        yield event;
        signal?.throwIfAborted();
      }
      next = page.items.at(-1).seq + 1;
    }
  }

  close() {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #checkOpen() {
    if (this.#closed) throw new BusyError('this engine is closed; open the log again');
  }

  async #close() {
    forgotten.unregister(this);
    await start('close', this.#engine);
  }
}

function openingWords({ log, host, ...options } = {}) {
  checkText('log', log, 'the directory of a log');
  checkHost(host);
  return [log, host, encode(options)];
}

module.exports = { Engine };
