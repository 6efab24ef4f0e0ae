'use strict';

/** Why a call was not carried out. `message` says what to do next. */
class WakelogError extends Error {
  /**
   * @param {string} message what is wrong and what to do next
   * @param {{ code?: string, field?: string, cursor?: number, cause?: unknown }} [about]
   */
  constructor(message, { code, field, cursor, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code ?? this.constructor.code;
    if (field !== undefined) this.field = field;
    if (cursor !== undefined) this.cursor = cursor;
  }

  get name() { return this.constructor.name; }
}

const classes = { WakelogError };
const byCode = new Map();

/** One class for each code, so that a host can catch by class or compare `code`. */
function define(name, code) {
  const made = { [name]: class extends WakelogError { static code = code; } }[name];
  classes[name] = made;
  byCode.set(code, made);
}

define('InvalidParameterError', 'invalidParameter');
define('UnknownMethodError', 'unknownMethod');
define('StaleFenceError', 'staleFence');
define('NotFoundError', 'notFound');
define('ConflictError', 'conflict');
define('BusyError', 'busy');
define('CorruptError', 'corrupt');
define('DiskFullError', 'diskFull');
define('ReadOnlyError', 'readOnly');
define('TooLargeError', 'tooLarge');
define('HostSupersededError', 'hostSuperseded');
// The one error that no engine gives: a client's server has gone.
define('DisconnectedError', 'disconnected');

/** A turn's run did not succeed. */
classes.RunFailedError = class RunFailedError extends WakelogError {
  static code = 'runFailed';

  constructor(result, said, cause) {
    const { outcome, failure } = result;
    const kind = failure && outcome === 'failed' ? ` (${failure.kind})` : '';
    const more = said ? `: ${said}` : '';
    super(`the run has ${outcomes[outcome] ?? outcome}${kind}${more}`, { cause });
    this.outcome = outcome;
    this.kind = failure?.kind ?? null;
    this.family = failure?.family ?? null;
    this.because = failure?.because ?? null;
    // Not shown with the error: it is long.
    Object.defineProperty(this, 'result', { value: result });
  }
};
const outcomes = {
  timedOut: 'timed out', cancelled: 'been cancelled', interrupted: 'been interrupted',
};

/** A turn's wake was refused. */
classes.RefusedError = class RefusedError extends WakelogError {
  static code = 'refused';

  constructor(because) {
    super(`the wake was refused: ${because}`);
    this.because = because;
  }
};

const codesOfRPC = new Map([[-32601, 'unknownMethod'], [-32602, 'invalidParameter']]);

/** The error that an error object of the wire describes. */
function errorOf(object) {
  const { code: number, message, data: { field, cursor, ...data } = {} } = object;
  const code = data.code ?? codesOfRPC.get(number) ?? `rpc${number}`;
  const Class = byCode.get(code) ?? WakelogError;
  return new Class(message, { code, field, cursor });
}

module.exports = { classes, errorOf, ...classes };
