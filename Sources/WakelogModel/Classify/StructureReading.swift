/// What the JSON documents of an attempt say about its end.
///
/// Only the places where a CLI or an API reports errors are read. What an assistant wrote, tools
/// printed or a successful result says is never taken for an error, whatever words are in it.
struct StructureReading {
  /// The texts of errors.
  private(set) var errors: [String] = []
  /// Symbolic codes and names of error types, lower-cased.
  private(set) var codes: [String] = []
  /// The first HTTP status stated.
  private(set) var status: Int64?
  /// Whether the last word was an error, a success, or nothing.
  private(set) var lastWord: LastWord?
  /// Turns that were surely taken.
  private(set) var turns: Int64?
  /// Whether an assistant said anything.
  private(set) var hasAnswer = false
  /// Whether the host counted turns itself.
  private let countedTurns: Bool

  /// Nothing was read yet; `turns` is what the host counted.
  init(turns: Int64? = nil) { countedTurns = turns ?? 0 > 0 }

  enum LastWord { case failure, success }

  mutating func read(_ document: StructuredTrace) {
    switch document.value {
    case .array(let values): for value in values { read(value, from: document.stream) }
    default: read(document.value, from: document.stream)
    }
  }

  private mutating func read(_ value: JSONValue, from stream: TraceStream, depth: Int = 0) {
    guard value.object != nil, depth < 4 else { return }
    // Some wrap every event: codex's `msg`, the `payload` of its rollouts, Claude Code's `event`.
    for name in ["msg", "payload", "event"] {
      guard let inner = value[name], inner["type"]?.string != nil else { continue }
      return read(inner, from: stream, depth: depth + 1)
    }
    let type = (value["type"] ?? value["method"])?.string?.lowercased()
    switch type {
    case "result": readResult(value)
    case "system": if value["subtype"]?.string == "error" { readError(value) }
    case "turn.completed", "response.completed": succeed(turns: 1)
    case "item.completed": readItem(value["item"] ?? .null)
    case "assistant", "step_finish", "message_end", "turn_end", "text", "assistant.message":
      readAnswer(value)
    case "message": if value["role"]?.string == "assistant" { readAnswer(value) }
    case "session/update": readUpdate(value["params"]?["update"] ?? .null)
    case "max_turns_reached": fail(code: "max_turns_reached")
    case "end": readEnd(value)
    case nil: readBare(value, from: stream)
    case let type? where isSomebodyElses(type): break
    case let type? where reportsError(type): readError(value)
    default: readErrors(within: value)
    }
  }

  /// The final line of claude, gemini, cursor, copilot and others.
  private mutating func readResult(_ value: JSONValue) {
    let claimed = value["num_turns"]?.integer
    let spoke = value["usage"]?["output_tokens"]?.integer ?? 0 > 0
    guard value.deniesSuccess,
      !stoppedAtSequence(value, countedTurns || (claimed ?? 0) > 1 || spoke)
    else {
      lastWord = .success
      if let claimed { turns = max(turns ?? 0, claimed) }
      if value["result"]?.string?.isEmpty == false { hasAnswer = true }
      return
    }
    // Claude Code counts an API error as a turn, so one turn without output proves nothing.
    if let claimed { turns = max(turns ?? 0, claimed > 1 || spoke ? claimed : 0) }
    lastWord = .failure
    for place in value.verdictPlaces { addResult(place) }
  }

  private mutating func addResult(_ value: JSONValue) {
    for name in [
      "subtype", "terminal_reason", "status", "state", "outcome", "error_code", "errorCode",
      "stop_reason", "stopReason", "api_error_type",
    ] { addCode(value[name]) }
    addStatus(value["api_error_status"])
    for error in value["errors"]?.array ?? [] { addError(error) }
    for name in ["error", "message", "reason"] { addError(value[name] ?? .null) }
    if let text = value["result"]?.string { errors.append(text) }
  }

  /// Claude Code calls it an error too when the model stopped at a stop sequence of the caller's.
  private func stoppedAtSequence(_ value: JSONValue, _ tookTurns: Bool) -> Bool {
    guard tookTurns, value["subtype"]?.string == "success", value["is_error"]?.bool == true,
      value["api_error_status"]?.integer == nil, value["errors"]?.array ?? [] == []
    else { return false }
    if value["stop_reason"]?.string == "refusal" { return false }
    let ended = value["terminal_reason"]?.string ?? "completed"
    guard ended == "completed" || ended == "stop_sequence" else { return false }
    let text = NormalText(value["result"]?.string ?? "")
    return text.lines.first?.opensAsError != true
  }

  /// `{"type":"error",…}` in all its forms: the API's body, codex, opencode, copilot, grok, pi.
  private mutating func readError(_ value: JSONValue) {
    // gemini warns of a loop with an event of this type, and goes on.
    let severity = value["severity"]?.string?.lowercased()
    if severity != "warning" && severity != "info" { lastWord = .failure }
    let found = value.errorObjects
    for error in found { addError(error) }
    if found.isEmpty {
      let rest = ["message", "detail", "data", "params", "properties", "text"]
      addError(rest.lazy.compactMap { value[$0] }.first { !$0.isNull } ?? .null)
    } else if let text = value["message"]?.string {
      errors.append(text)
    }
    for name in ["code", "status", "statusCode"] { addCode(value[name]) }
  }

  /// Any other event: an error only where it carries one.
  private mutating func readErrors(within value: JSONValue) {
    let found = value.errorObjects
    guard !found.isEmpty else { return }
    lastWord = .failure
    for error in found { addError(error) }
  }

  private mutating func readItem(_ item: JSONValue) {
    switch item["type"]?.string {
    case "agent_message": succeed(turns: 1, keepsLastWord: true)
    // codex reports warnings as items of this type too: text, but no end.
    case "error": addError(item)
    default: break
    }
  }

  private mutating func readAnswer(_ value: JSONValue) {
    let message = value["message"] ?? value["data"] ?? value
    if let role = message["role"]?.string, role != "assistant" { return }
    if message["stopReason"]?.string == "error" || message["errorMessage"]?.string != nil {
      lastWord = .failure
      addError(message["errorMessage"] ?? .null)
      return
    }
    // Claude Code phrases an API error as an assistant message of a model that does not exist.
    if message["model"]?.string == "<synthetic>" { return }
    succeed(turns: 1, keepsLastWord: value["type"]?.string != "step_finish")
  }

  /// A notification of the agent client protocol.
  private mutating func readUpdate(_ update: JSONValue) {
    if update["sessionUpdate"]?.string == "agent_message_chunk" {
      succeed(turns: 1, keepsLastWord: true)
    }
  }

  private mutating func readEnd(_ value: JSONValue) {
    let reason = value["stopReason"]?.string?.lowercased() ?? ""
    if reason == "endturn" || reason == "end_turn" {
      succeed(turns: 1)
    } else {
      addCode(value["stopReason"])
    }
  }

  /// A document without a type: the body of an API's or a server's error, or a whole answer.
  private mutating func readBare(_ value: JSONValue, from stream: TraceStream) {
    if let error = value["error"], error.isSomething {
      lastWord = .failure
      addError(error)
      addError(value["message"] ?? .null)
      for name in ["code", "status", "statusCode"] { addCode(value[name]) }
    } else if let error = value["errors"]?.array, !error.isEmpty {
      lastWord = .failure
      for entry in error { addError(entry) }
    } else if let reason = value["result"]?["stopReason"]?.string?.lowercased() {
      if reason == "end_turn" { succeed(turns: 1) } else { fail(code: reason) }
    } else if value.deniesSuccess {
      lastWord = .failure
      addError(value)
    } else if value["response"]?.string?.isEmpty == false {
      hasAnswer = true
      lastWord = .success
    } else if value["role"] == nil, value["content"] == nil,
      stream != .stdout || value["code"] != nil || value["name"] != nil || value["status"] != nil
    {
      let isNamed = value["name"]?.string?.lowercased().hasSuffix("error") == true
      guard isNamed || value["message"]?.string != nil || value["detail"]?.string != nil else {
        return addCodes(of: value)
      }
      lastWord = .failure
      addError(value)
    }
  }
}

extension StructureReading {
  private mutating func succeed(turns count: Int64, keepsLastWord: Bool = false) {
    turns = max(turns ?? 0, count)
    hasAnswer = true
    if !keepsLastWord { lastWord = .success }
  }

  private mutating func fail(code: String) {
    lastWord = .failure
    codes.append(code)
  }

  /// Adds an error given as text or as an object, up to the depth at which providers nest them.
  ///
  /// Members with a meaning are read whatever they hold. Of the others those count that hold a
  /// sentence: kimi puts `Session not found` under `data.session_id`.
  private mutating func addError(_ value: JSONValue, depth: Int = 0) {
    if let text = value.string {
      errors.append(text)
    } else if let object = value.object, depth < 5 {
      addCodes(of: value)
      for name in toldMembers {
        guard let inner = object[name], inner.string != nil || inner.object != nil else { continue }
        addError(inner, depth: depth + 1)
      }
      for member in object.members where !toldMembers.contains(member.name) {
        guard !quotedMembers.contains(member.name) else { continue }
        addSentences(member.value)
      }
    }
  }

  /// Adds the sentences under a member without a meaning: one, some, or zod's tree of them.
  private mutating func addSentences(_ value: JSONValue) {
    let texts = [value] + (value.array ?? []) + (value["_errors"]?.array ?? [])
    for text in texts.compactMap(\.string) where text.utf8.contains(32) { errors.append(text) }
  }

  private mutating func addCodes(of value: JSONValue) {
    for name in [
      "type", "code", "status", "statusCode", "status_code", "name", "__type", "reason",
      "errorType", "error_type", "errorCode", "error_code", "kind", "http_status", "httpStatus",
      "httpStatusCode",
    ] { addCode(value[name]) }
    // codex says a code, or `{ "responseStreamDisconnected": { "httpStatusCode": 502 } }`.
    guard let info = value["codexErrorInfo"] ?? value["codex_error_info"] else { return }
    addCode(info)
    for member in info.object?.members ?? [] {
      addCode(.string(member.name))
      addCode(member.value["httpStatusCode"] ?? member.value["http_status_code"])
    }
  }

  private mutating func addCode(_ value: JSONValue?) {
    if let number = value?.integer {
      addStatus(value)
      codes.append("\(number)")
    } else if let text = value?.string, text.utf8.count <= 128 {
      codes.append(text.lowercased())
      if let words = inSnakeCase(text) { codes.append(words) }
      if text.utf8.count == 3, let number = Int64(text) { addStatus(.integer(number)) }
    }
  }

  private mutating func addStatus(_ value: JSONValue?) {
    guard let number = value?.integer, (400...599).contains(number), status == nil else { return }
    status = number
  }
}

/// `contextWindowExceeded` as `context_window_exceeded`; nil for what is not written so.
private func inSnakeCase(_ text: String) -> String? {
  let bytes = Array(text.utf8)
  guard let first = bytes.first, (97...122).contains(first),
    bytes.contains(where: { (65...90).contains($0) }), bytes.allSatisfy(isWordByte)
  else { return nil }
  var words: [UInt8] = []
  for byte in bytes {
    if (65...90).contains(byte) { words += [95, byte + 32] } else { words.append(byte) }
  }
  return String(decoding: words, as: UTF8.self)
}

/// The members of an error that tell of it, in the order in which they are read.
private let toldMembers = [
  "message", "detail", "error", "data", "details", "cause", "metadata", "raw", "properties",
]

/// The members of an error that quote something else.
private let quotedMembers: Set<String> = [
  "stack", "stackTrace", "stacktrace", "prompt", "input", "content", "command", "arguments", "args",
  "request", "output", "stdout", "title", "help", "url", "path", "cwd",
]

/// Events about what a user, a tool or a hook did: their errors are not the attempt's.
private func isSomebodyElses(_ type: String) -> Bool {
  if type == "user" || type == "system" || type == "log" { return true }
  return ["tool", "function", "hook", "mcp", "command", "user.", "skill", "subagent", "permission"]
    .contains { word in
      type == word || type.hasPrefix(word) || type.hasSuffix(word)
    }
}

/// `session.error`, `turn.failed`, `thread/error`, `error`.
private func reportsError(_ type: String) -> Bool {
  ["error", "failed", "failure", "fatal"].contains { word in
    guard type.hasSuffix(word) else { return false }
    return type.dropLast(word.utf8.count).last.map { "._-/:".contains($0) } ?? true
  }
}
