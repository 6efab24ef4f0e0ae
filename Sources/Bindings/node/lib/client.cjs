'use strict';

const { Connection } = require('./connection.cjs');
const { Methods } = require('./methods.cjs');
const { encode } = require('./parameters.cjs');
const { checkText, checkHost } = require('./checks.cjs');
const { errorOf, BusyError, DisconnectedError, TooLargeError } = require('./errors.cjs');

/** What a server takes in one line. */
const longestLine = 1 << 20;

/** An engine in another process: the same methods over the stdio or the socket of `serve`. */
class Client extends Methods {
  #dial;
  #connection;
  #calls = new CallQueue();
  #subscriptions = new Set();
  #end;
  #closed;

  /** Use `spawn` or `connect`. */
  constructor(dial, connection) {
    super();
    this.#dial = dial;
    this.#connection = connection;
    this.#closed = connection.forEachLine((line) => this.#take(line)).then((end) => {
      this.#end ??= end;
      for (const call of this.#calls.takeAll()) call.reject(this.#end);
    });
  }

  static async spawn({ log, host, policy, givenClock = false, tool = 'wakelog' } = {}) {
    checkText('log', log, 'the directory of a log');
    checkHost(host);
    const words = ['serve', '--log', log];
    if (givenClock) words.push('--given-clock');
    // A subscription reads from a server of its own, which is no host.
    const dial = () => Connection.toChild(tool, words);
    const asHost = host === null ? words : [...words, '--host', host];
    const named = typeof policy === 'string' ? [...asHost, '--policy', policy] : asHost;
    const client = new Client(dial, await Connection.toChild(tool, named));
    try {
      await client.hello();
      if (policy instanceof Object) await client.policy({ adopt: policy });
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  static async connect(path) {
    checkText('path', path, 'the path of a Unix socket');
    const dial = () => Connection.toSocket(path);
    return new Client(dial, await dial());
  }

  /** Sends a method with its parameters as JSON text; resolves with the result. */
  send(method, params) {
    return new Promise((resolve, reject) => {
      if (this.#end) throw this.#end;
      const line = `{"jsonrpc":"2.0","id":0,"method":${JSON.stringify(method)},"params":${params}}`;
      if (Buffer.byteLength(line) > longestLine) {
        throw new TooLargeError(`a call has at most ${longestLine} bytes; send less in one`);
      }
      this.#calls.put({ resolve, reject });
      this.#connection.write(line);
    });
  }

  /** Replies come in the order of calls, so that the oldest call is the one answered. */
  #take(line) {
    const reply = parse(line);
    const call = this.#calls.take();
    if (call === undefined || !(reply?.result !== undefined || reply?.error)) {
      this.#end ??= new DisconnectedError(
        `what answers is no server of wakelog: ${line.slice(0, 80)}; connect to another`);
      call?.reject(this.#end);
      this.#connection.destroy();
    } else if (reply.error) {
      call.reject(errorOf(reply.error));
    } else {
      call.resolve(reply.result);
    }
  }

  async *subscribe({ from, signal } = {}) {
    const params = encode({ from });
    signal?.throwIfAborted();
    if (this.#end) throw this.#end;
    const connection = await this.#dial();
    const stop = () => connection.destroy();
    this.#subscriptions.add(connection);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    try {
      connection.write(`{"jsonrpc":"2.0","id":0,"method":"subscribe","params":${params}}`);
      for await (const line of connection.lines()) {
        const message = parse(line);
        if (message?.error) throw errorOf(message.error);
        if (message?.method !== 'event') continue;
        yield message.params;
        signal?.throwIfAborted();
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(this.#end instanceof BusyError)) throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#subscriptions.delete(connection);
      stop();
    }
  }

  async close() {
    this.#end ??= new BusyError('this client is closed; open another one');
    for (const connection of this.#subscriptions) connection.destroy();
    this.#connection.end();
    await this.#closed;
  }
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Calls on their way, the oldest first. An array's own `shift` moves all the others. */
class CallQueue {
  #calls = [];
  #first = 0;

  put(call) { this.#calls.push(call); }

  take() {
    if (this.#calls.length === 0) return undefined;
    const call = this.#calls[this.#first];
    this.#calls[this.#first] = undefined;
    this.#first += 1;
    if (this.#first === this.#calls.length) this.takeAll();
    return call;
  }

  takeAll() {
    const left = this.#calls.slice(this.#first);
    this.#calls = [];
    this.#first = 0;
    return left;
  }
}

module.exports = { Client };
