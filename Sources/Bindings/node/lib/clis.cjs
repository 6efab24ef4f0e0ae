'use strict';

const { load, value } = require('./native.cjs');
const { encode } = require('./parameters.cjs');
const { InvalidParameterError } = require('./errors.cjs');
const { checkText } = require('./checks.cjs');
const { cutTexts } = require('./texts.cjs');

/** What is known of agent CLIs, one object per provider. */
function providers() {
  return value(load().providers());
}

/** The words of a CLI's call with those that resume or begin a session put in. */
function command(request) {
  if (typeof request?.command === 'string') {
    throw new InvalidParameterError('`command` must be an array of words, such as '
      + '[\'claude\', \'-p\', \'hi\']: no shell takes a string apart', { field: 'command' });
  }
  return value(load().command(encode(request)));
}

/** Which failure the facts of an ended attempt show. */
function classify(facts) {
  return value(load().classify(encode(cutTexts(facts))));
}

const forgotten = new FinalizationRegistry((reader) => load().readerClose(reader));

/** Reads a CLI's standard output as it comes. */
class OutputReader {
  #reader;
  #said = { sessionId: null, entered: false, turns: null, usage: null };

  constructor(provider) {
    const named = provider instanceof Object ? encode(provider) : provider;
    checkText('provider', named, 'a provider that `providers()` lists, or a document of your own');
    this.#reader = value(load().readerOpen(named));
    forgotten.register(this, this.#reader, this);
  }

  /** Takes in a piece of output, and says what the output says so far. */
  feed(piece) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    // To the reader no bytes are the end; in a stream they are nothing.
    if (bytes?.length !== 0) this.#said = value(load().readerFeed(this.#reader, bytes));
    return this.#said;
  }

  /** The output has ended: what it said. */
  end() {
    const said = value(load().readerFeed(this.#reader, Buffer.alloc(0)));
    this.close();
    return said;
  }

  close() {
    forgotten.unregister(this);
    load().readerClose(this.#reader);
  }
}

module.exports = { providers, command, classify, OutputReader };
