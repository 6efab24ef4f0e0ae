'use strict';

/** A run that an earlier process of the host left open, which the opening of the log has ended. */
class InterruptedRun {
  #engine;

  constructor(engine, { run, session, agent, provider, sessionId, startedAt, pid, payloads }) {
    this.#engine = engine;
    Object.assign(this, { run, session, agent, provider, sessionId, startedAt, pid });
    this.payloads = payloads.map(({ payload }) => payload);
  }

  async isAlive() {
    return (await this.#engine.call('host.isAlive', { run: this.run })).alive;
  }

  async endOrphan() {
    return (await this.#engine.call('host.endOrphan', { run: this.run })).ended;
  }
}

module.exports = { InterruptedRun };
