'use strict';

/** How long one wait may last: for so long may a subscription that has ended keep the process. */
const waitMilliseconds = 200;

/** The end of a log, waited for by all subscriptions of an engine together. */
class Tail {
  #wait;
  #waiting = new Set();
  #isWatching = false;

  /** @param wait resolves with the last durable position: at once if it is after the given one */
  constructor(wait) {
    this.#wait = wait;
  }

  /** Resolves once there is an event at a position or later. */
  reaches(position, signal) {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const settle = (finish) => (outcome) => {
        signal?.removeEventListener('abort', onAbort);
        finish(outcome);
      };
      const waiter = { position, resolve: settle(resolve), reject: settle(reject) };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
      this.#watch();
    });
  }

  async #watch() {
    if (this.#isWatching) return;
    this.#isWatching = true;
    try {
      while (this.#waiting.size > 0) {
        const nearest = Math.min(...Array.from(this.#waiting, (waiter) => waiter.position));
        const last = await this.#wait(nearest - 1, waitMilliseconds);
        for (const waiter of this.#waiting) {
          if (last < waiter.position) continue;
          this.#waiting.delete(waiter);
          waiter.resolve();
        }
      }
    } catch (error) {
      for (const waiter of this.#waiting) waiter.reject(error);
      this.#waiting.clear();
    } finally {
      this.#isWatching = false;
    }
  }
}

module.exports = { Tail };
