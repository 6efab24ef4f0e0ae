internal import WakelogModel

extension Step {
  /// The step as a line of Swift; a run that later steps name is kept under its name.
  func swift(isNamed: Bool, name: (RunName) -> String?) -> String {
    switch deed {
    case .clock(let time): return "world.set(clock: \(time.literal))"
    case .wake(let wake):
      return (isNamed ? "let run\(self.name) = " : "") + wake.swift
        + (isNamed ? ".run" : "")
    case .progress(let run, let id, let entered):
      var call = Call("progress")
      call.code("run", name(run))
      call.text("sessionId", id)
      if entered { call.code("entered", "true") }
      return call.done
    case .finish(let run, let end): return end.swift(run: name(run))
    case .flush(let run, let from, let to):
      var call = Call("flush")
      call.code("run", name(run))
      call.code("from", "\(from)")
      call.code("to", "\(to)")
      return call.done
    case .abandon(let run):
      var call = Call("abandon")
      call.code("run", name(run))
      return call.done
    default: return operatorCall
    }
  }

  private var operatorCall: String {
    switch deed {
    case .next(let session): return Call("next", session).done
    case .cancel(let session): return Call("cancel", session).done
    case .reset(let session, let because):
      var call = Call("reset", session)
      call.text("because", because)
      return call.done
    case .probe(let session, let id, let exists):
      var call = Call("probe", session)
      call.text("sessionId", id)
      call.code("exists", "\(exists)")
      return call.done
    case .host(let host, let version):
      var call = Call("host", host)
      call.text("version", version)
      return call.done
    case .upgrade(let host, let to, let step):
      var call = Call("upgrade", host)
      call.text("to", to)
      call.code("step", ".\(step.name)")
      return call.done
    case .pause(let agent, let isPaused): return Call(isPaused ? "pause" : "unpause", agent).done
    case .note(let by, let text):
      var call = Call("note")
      call.text("by", by)
      call.text("text", text)
      return call.done
    default: return ""
    }
  }
}

extension Step.Wake {
  fileprivate var swift: String {
    var call = Call("wake", session)
    call.text("agent", agent)
    call.text("provider", provider)
    call.code("source", ".\(source.name)")
    call.text("reason", reason)
    call.text("scope", scope)
    call.text("workspace", workspace)
    if let kind, kind != .project { call.code("kind", ".\(kind.name)") }
    if forceFresh { call.code("forceFresh", "true") }
    call.code("keep", keep.map { "\($0)" })
    call.text("resume", resume)
    if !fingerprint.isEmpty {
      let pairs = fingerprint.map { "\($0.name.literal): \($0.value.literal)" }
      call.code("fingerprint", "[\(pairs.joined(separator: ", "))]")
    }
    call.code("transcript", transcript.map { "\($0)" })
    if !missing.isEmpty {
      let pairs = missing.map { "\($0.literal): false" }
      call.code("transcripts", "[\(pairs.joined(separator: ", "))]")
    }
    if !resumable { call.code("resumable", "false") }
    call.code("lease", lease.map { "\($0)" })
    call.text("host", host)
    if hasPayload { call.code("hasPayload", "true") }
    return call.done
  }
}

extension Step.End {
  fileprivate func swift(run: String?) -> String {
    var call = Call("finish")
    call.code("run", run)
    call.code("exitCode", exitCode.map { "\($0)" })
    call.text("sessionId", sessionId)
    call.code("turns", turns.map { "\($0)" })
    if hadOutput { call.text("stdout", "done") }
    call.code("outcome", reported.map { ".\($0.rawValue)" })
    call.code("resumed", resumed.map { "\($0)" })
    if inputTokens > 0 { call.code("inputTokens", "\(inputTokens)") }
    call.code("retryAfterSeconds", retryAfterSeconds.map { "\($0)" })
    call.code("failure", failure.map { ".\($0.name)" })
    return call.done
  }
}

/// A call of a `World` in Swift, made argument by argument.
private struct Call {
  private let function: String
  private var arguments: [String] = []

  init(_ function: String) { self.function = function }

  init(_ function: String, _ first: String) {
    self.function = function
    arguments = [first.literal]
  }

  /// An argument that is Swift already; nothing when it is left out.
  mutating func code(_ label: String, _ code: String?) {
    if let code { arguments.append("\(label): \(code)") }
  }

  /// A text; nothing when it is left out.
  mutating func text(_ label: String, _ text: String?) { code(label, text?.literal) }

  /// The call, over several lines when it does not fit one.
  var done: String {
    let line = "world.\(function)(\(arguments.joined(separator: ", ")))"
    if line.count <= 90 { return line }
    return "world.\(function)(\n      \(arguments.joined(separator: ",\n      ")))"
  }
}

extension String {
  /// The text as a Swift literal.
  var literal: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        let isPlain = scalar.value >= 0x20 && scalar.value != 0x7F
        result += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result + "\""
  }
}
