internal import Glibc
package import Wakelog
package import WakelogProviders

/// The two streams of a running CLI, read as they come.
///
/// What a CLI leaves running keeps its streams open: they are let go a moment after its end.
package struct AttemptOutput {
  /// What was read.
  package enum Part {
    /// From standard output.
    case output(ArraySlice<UInt8>)
    /// From standard error.
    case errors(ArraySlice<UInt8>)
    /// Nothing in the time given.
    case nothing
    /// Both have ended, or the CLI has.
    case end
  }

  private let child: ChildProcess
  private var reader: OutputReader?
  private var decoder = TextDecoder()
  private var printed = ProgramOutput()
  private var complained = ProgramOutput()
  private var isOpen: (output: Bool, errors: Bool)
  /// When the CLI was seen to have ended, with nothing to read from it.
  private var endedAt: Double?
  private var chunk = [UInt8](repeating: 0, count: 64 << 10)
  /// What is ready to be read from standard error, after what standard output had.
  private var areErrorsReady = false

  /// `reader` is nil for output that is not to be read.
  package init(child: ChildProcess, reader: OutputReader?) {
    self.child = child
    self.reader = reader
    isOpen = (child.output >= 0, true)
  }

  /// What the output says so far.
  package var reading: AttemptReading { reader?.reading ?? AttemptReading() }

  /// Reads what comes first, waiting for it so many milliseconds at most.
  package mutating func read(milliseconds: Int) -> Part {
    guard isOpen.output || isOpen.errors else { return .end }
    if areErrorsReady {
      areErrorsReady = false
      if let errors = take(child.errors) {
        complained.take(errors)
        return .errors(errors)
      }
      isOpen.errors = false
    }
    let ready = Descriptor.wait(
      for: [
        (isOpen.output ? child.output : -1, POLLIN), (isOpen.errors ? child.errors : -1, POLLIN),
      ], milliseconds: Int32(endedAt == nil ? milliseconds : min(milliseconds, 200)))
    if ready == [0, 0] {
      if let endedAt, monotonicSeconds() - endedAt >= 0.15 { return .end }
      if endedAt == nil, child.hasEnded { endedAt = monotonicSeconds() }
      return .nothing
    }
    areErrorsReady = ready[1] != 0
    guard ready[0] != 0 else { return read(milliseconds: milliseconds) }
    guard let output = take(child.output) else {
      isOpen.output = false
      return read(milliseconds: milliseconds)
    }
    printed.take(output)
    return .output(output)
  }

  private mutating func take(_ descriptor: Int32) -> ArraySlice<UInt8>? {
    let count = Descriptor.read(descriptor, into: &chunk)
    return count > 0 ? chunk[..<count] : nil
  }

  /// Looks at what was read from standard output for what it says of the attempt.
  package mutating func look(at output: ArraySlice<UInt8>) { reader?.take(output) }

  /// The same, with what the agent said and did in it: all of it is text, where it is not read.
  package mutating func pieces(_ output: ArraySlice<UInt8>) -> [OutputPiece] {
    if reader != nil { return reader?.pieces(output) ?? [] }
    let text = decoder.take(output)
    return text.isEmpty ? [] : [.text(text)]
  }

  /// Ends the reading; gives what the agent said and did in a last line without an end.
  package mutating func end() -> [OutputPiece] { reader?.lastPieces() ?? [] }

  /// What is told of the attempt, once its CLI has ended. `begun` is the id that its session was
  /// begun under, where the host chose it.
  package func finish(
    _ attempt: UInt64, _ fence: String, _ ending: ChildProcess.Ending, begun: String?,
    _ provider: Provider?
  ) -> FinishRequest {
    var finish = FinishRequest(attempt: attempt, fence: fence)
    let texts = ProgramOutput.texts(of: [printed, complained])
    (finish.stdout, finish.stderr) = (texts[0], texts[1])
    finish.sessionId = reading.sessionId ?? (ending == .exited(0) ? begun : nil)
    finish.turns = reading.turns.map { Int32(clamping: max($0, 0)) }
    finish.usage = Usage(reading)
    switch ending {
    case .exited(let code): finish.exitCode = code
    case .signalled(let number): finish.signal = .number(number)
    case .unknown: finish.message = "the process ended, and nobody can say how"
    }
    // What the row of a provider's file says of a text goes before the table.
    finish.errorCode = provider?.taughtKind(finish.traces)?.name
    return finish
  }
}

extension Usage {
  /// What a CLI said it used; nil where it said nothing.
  package init?(_ reading: AttemptReading) {
    func count(_ value: Int64?) -> UInt64? { value.map { UInt64(max($0, 0)) } }
    self.init(
      inputTokens: count(reading.inputTokens), cachedTokens: count(reading.cachedTokens),
      outputTokens: count(reading.outputTokens), costMicros: count(reading.costMicros),
      total: Set(reading.total.compactMap { Usage.Count(rawValue: $0.rawValue) }))
    let counts = [inputTokens, cachedTokens, outputTokens, costMicros]
    if counts.allSatisfy({ $0 == nil }) { return nil }
  }
}
