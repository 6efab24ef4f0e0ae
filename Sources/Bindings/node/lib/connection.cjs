'use strict';

const net = require('node:net');
const { spawn } = require('node:child_process');
const { DisconnectedError } = require('./errors.cjs');

/** A stream of lines to a server and one of lines back. */
class Connection {
  #output;
  #input;
  #gone;
  #unwritten = '';

  /**
   * @param output where requests go
   * @param input where replies come from
   * @param gone resolves, once nothing comes any more, with the error that says why
   */
  constructor(output, input, gone) {
    this.#output = output;
    this.#input = input;
    this.#gone = gone;
    input.setEncoding('utf8');
    // A server that has gone is told by `lines`; writing to it is no second error.
    output.on('error', () => {});
  }

  /** Writes a line. Those of one turn of the event loop leave in one write. */
  write(line) {
    if (this.#unwritten === '') process.nextTick(() => this.#flush());
    this.#unwritten += `${line}\n`;
  }

  #flush() {
    if (this.#unwritten !== '') this.#output.write(this.#unwritten);
    this.#unwritten = '';
  }

  /** Says that no more requests come; what was asked is still answered. */
  end() {
    this.#flush();
    this.#output.end();
  }

  /** Lets go at once. */
  destroy() {
    this.#output.destroy();
    this.#input.destroy();
  }

  /** Calls for every line, as fast as they come; resolves with the error that ended them. */
  async forEachLine(take) {
    let rest = '';
    this.#input.on('data', (text) => {
      // Mostly a reply is all that comes at a time.
      if (rest === '' && text.indexOf('\n') === text.length - 1) {
        take(text);
        return;
      }
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) take(line);
    });
    return this.#gone;
  }

  /** The lines, read only as fast as they are taken. Throws when the server goes. */
  async *lines() {
    let rest = '';
    try {
      for await (const text of this.#input) {
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        yield* lines;
      }
    } catch (cause) {
      if (cause?.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw await this.#gone;
    }
    throw await this.#gone;
  }

  /** Connects to the socket of a running server. */
  static toSocket(path) {
    return new Promise((resolve, reject) => {
      const socket = net.connect(path);
      let cause;
      const gone = new Promise((done) => {
        socket.once('close', () => done(new DisconnectedError(
          `the server at ${path} has closed the connection; connect again`, { cause })));
      });
      socket.on('error', (error) => {
        cause = error;
        reject(new DisconnectedError(
          `no server answers at ${path} (${error.code ?? error.message}); `
            + 'start one with `wakelog serve --socket`',
          { cause }));
      });
      socket.once('connect', () => resolve(new Connection(socket, socket, gone)));
    });
  }

  /** Starts a server of its own and speaks to it over its standard input and output. */
  static toChild(tool, words) {
    return new Promise((resolve, reject) => {
      const child = spawn(tool, words, { stdio: ['pipe', 'pipe', 'pipe'] });
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text) => {
        complaint = (complaint + text).slice(-4096);
      });
      const gone = new Promise((done) => {
        child.once('close', (code, signal) => {
          const how = signal ? `was ended by ${signal}` : `exited with ${code}`;
          const why = complaint.trim() || 'it said nothing';
          done(new DisconnectedError(`${tool} serve ${how}: ${why}`));
        });
      });
      child.once('error', (cause) => reject(new DisconnectedError(
        `${tool} cannot be started (${cause.code ?? cause.message}); `
          + 'put it on the PATH, or name it as `tool`',
        { cause })));
      child.once('spawn', () => resolve(new Connection(child.stdin, child.stdout, gone)));
    });
  }
}

module.exports = { Connection };
