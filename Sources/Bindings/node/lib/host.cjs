'use strict';

const { Engine } = require('./engine.cjs');
const { Turn } = require('./turn.cjs');
const { InterruptedRun } = require('./interrupted.cjs');
const { handlesOf } = require('./handle.cjs');
const { BusyError, InvalidParameterError, StaleFenceError } = require('./errors.cjs');
const { checkText } = require('./checks.cjs');
const { checkNames } = require('./names.cjs');
const {
  agentNames, wakeNames, turnNames, agentSettings, wholeAgentSettings, invalid,
} = require('./settings.cjs');

/** The loop around an agent: whatever happens in a turn, its run ends. */
class Host {
  #settings;
  #ownsEngine;
  #endsRuns;
  #waking = new Map();
  #closed;

  /** Use `open` or `over`. */
  constructor(engine, settings, interrupted, { ownsEngine, endsRuns }) {
    this.engine = engine;
    this.interrupted = interrupted;
    this.#settings = settings;
    this.#ownsEngine = ownsEngine;
    this.#endsRuns = endsRuns;
  }

  static async open(options = {}) {
    checkNames(
      options,
      ['log', 'name', ...agentNames, 'policy', 'takeOver', 'endsRuns', 'unknownProvider'],
      'Host.open');
    const { log, name, policy, takeOver, endsRuns } = options;
    checkText('log', log, 'the directory of a log');
    checkText('name', name, 'the name of this process\' host');
    const settings = wholeAgentSettings(options);
    const engine = await Engine.open({ log, host: name, policy, takeOver });
    try {
      return await hostOver(engine, settings, { ownsEngine: true, endsRuns });
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  static async over(engine, options = {}) {
    if (!(engine instanceof Engine)) {
      throw new InvalidParameterError(
        'a host is over an `Engine` of this process: a client\'s server runs no CLIs');
    }
    checkNames(options, [...agentNames, 'endsRuns', 'unknownProvider'], 'Host.over');
    return hostOver(
      engine, wholeAgentSettings(options), { ownsEngine: false, endsRuns: options.endsRuns });
  }

  turn(session, text, options = {}, body = undefined) {
    if (typeof options === 'function') [options, body] = [{}, options];
    if (body === undefined) return this.#turn(session, text, options);
    // What is wrong with the options rejects, as all else does.
    return (async () => this.#turn(session, text, options).within(body))();
  }

  #turn(session, text, options) {
    checkText('session', session, 'the key of a session');
    if (text !== undefined && text !== null && typeof text !== 'string') {
      throw invalid('text', 'must be a string');
    }
    checkNames(options, turnNames, 'turn');
    const others = agentSettings(options);
    const settings = { ...this.#settings, ...others };
    if (others.command) delete settings.run;
    if (others.run) delete settings.command;
    const request = { session, text, source: 'message' };
    for (const name of ['agent', 'provider', 'workspace', 'lease', 'timeout', 'wait', 'orphans']) {
      if (settings[name] !== undefined) request[name] = settings[name];
    }
    for (const name of wakeNames) {
      if (options[name] !== undefined && options[name] !== null) request[name] = options[name];
    }
    const { check = true, signal = undefined } = options;
    const inside = {
      host: this,
      engine: this.engine,
      endsRuns: this.#endsRuns,
      open: (asked) => this.#wake(asked),
      // Closed while the wake was under way.
      keep: (handle) => { if (this.#closed) handle.stop('interrupted'); },
    };
    return new Turn(inside, request, settings, { check, signal });
  }

  /** One after the other in a session, as they come: threads of the library overtake each other. */
  #wake(request) {
    const { session } = request;
    const before = this.#waking.get(session);
    const woken = before ? before.then(() => this.#wakeNow(request)) : this.#wakeNow(request);
    const done = woken.catch(() => {}).then(() => {
      if (this.#waking.get(session) === done) this.#waking.delete(session);
    });
    this.#waking.set(session, done);
    return woken;
  }

  async #wakeNow(request) {
    if (this.#closed) throw new BusyError('the host was closed; open another one');
    return this.engine.call('turn', request);
  }

  async stop(session) {
    checkText('session', session, 'the key of a session');
    const running = this.#running(session);
    const { stopped } = await this.engine.call('host.stop', { session });
    if (stopped) await Promise.all(running.map((handle) => handle.wasEnded()));
    return stopped;
  }

  async reset(session, options = {}) {
    checkText('session', session, 'the key of a session');
    checkNames(options, ['because'], 'reset');
    const result = await this.engine.call('host.reset', { session, ...options });
    for (const handle of this.#running(session)) {
      handle.wasEnded(new StaleFenceError('the session was reset while the run was open'));
    }
    return result;
  }

  /** Of every host over the engine. */
  #running(session) {
    return [...handlesOf(this.engine)].filter(
      (handle) => handle.session === session && handle.isRunning);
  }

  close() {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close() {
    // Kept meanwhile: a turn that begins now sees `#closed`.
    await undefined;
    const handles = [...handlesOf(this.engine)].filter((handle) => handle.host === this);
    if (this.#endsRuns) {
      const reason = new BusyError('the host was closed');
      await Promise.all(handles.map((handle) => handle.stop('interrupted', reason)));
    } else {
      for (const handle of handles) handle.leave();
    }
    if (!this.#ownsEngine) return;
    await this.engine.close();
  }
}

async function hostOver(engine, settings, { ownsEngine, endsRuns = true }) {
  if (typeof endsRuns !== 'boolean') throw invalid('endsRuns', 'must be true or false');
  await engine.call('host.open', { endsRuns });
  const { items } = await engine.call('host.interrupted');
  const interrupted = items.map((item) => new InterruptedRun(engine, item));
  return new Host(engine, settings, interrupted, { ownsEngine, endsRuns });
}

// `await using`, where this Node knows of it.
if (Symbol.asyncDispose) {
  Object.defineProperty(Host.prototype, Symbol.asyncDispose, {
    value() { return this.close(); }, writable: true, configurable: true,
  });
}

module.exports = { Host };
