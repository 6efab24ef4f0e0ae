'use strict';

const { encodeCall } = require('./parameters.cjs');

/** The methods of the wire that take parameters and give one result. */
const plain = [
  'hello', 'wake', 'progress', 'finish', 'next', 'cancel', 'reset', 'abandon', 'probe', 'check',
  'flush', 'host', 'upgrade', 'pause', 'unpause', 'repair', 'session', 'agent', 'run', 'attention',
  'why', 'policy', 'redact', 'forget', 'adopt', 'revive',
];

/** Those that give pages, and the parameter that asks for the page after one. */
const paged = {
  sessions: (page) => page.after === null ? null : { after: page.after },
  agents: (page) => page.after === null ? null : { after: page.after },
  events: (page) => page.next === null ? null : { from: page.next },
};

/**
 * A page when awaited, every item of every page when iterated over. Nothing is asked for before
 * either.
 */
class Pages {
  #ask;
  #following;

  constructor(ask, following) {
    this.#ask = ask;
    this.#following = following;
  }

  then(...handlers) { return this.#ask({}).then(...handlers); }

  catch(handler) { return this.then(undefined, handler); }

  finally(handler) { return this.then().finally(handler); }

  async *[Symbol.asyncIterator]() {
    let place = {};
    while (place !== null) {
      const page = await this.#ask(place);
      yield* page.items;
      place = this.#following(page);
    }
  }
}

/** Every method of the wire by its name. Subclasses `send` text to an engine, and `close`. */
class Methods {
  /** Carries out a method by its name. */
  call(method, params) {
    // No `async`, which would make the caller wait for a promise of a promise.
    try {
      if (typeof method !== 'string') throw new TypeError('a method is named by a string');
      return this.send(method, encodeCall(method, params));
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

for (const method of plain) {
  Object.defineProperty(Methods.prototype, method, {
    value: { [method](params) { return this.call(method, params); } }[method],
    writable: true, configurable: true,
  });
}

for (const [method, following] of Object.entries(paged)) {
  Object.defineProperty(Methods.prototype, method, {
    value: {
      [method](params) {
        return new Pages((place) => this.call(method, { ...params, ...place }), following);
      },
    }[method],
    writable: true, configurable: true,
  });
}

// `await using`, where this Node knows of it.
if (Symbol.asyncDispose) {
  Object.defineProperty(Methods.prototype, Symbol.asyncDispose, {
    value() { return this.close(); }, writable: true, configurable: true,
  });
}

module.exports = { Methods };
