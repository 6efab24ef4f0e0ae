/// What the JSON documents of an attempt say about its end.
///
/// Only the places where a CLI or an API reports errors are read. What an assistant wrote, tools
/// printed or a successful result says is never taken for an error, whatever words are in it.
struct StructureReading {
  /// The texts of errors.
  var errors: [String] = []
  /// Symbolic codes and names of error types, lower-cased.
  var codes: [String] = []
  /// The first HTTP status stated.
  var status: Int64?
  /// Whether the last word was an error, a success, or nothing.
  var lastWord: LastWord?
  /// Turns that were surely taken.
  var turns: Int64?
  /// Whether an assistant said anything.
  var hasAnswer = false

  enum LastWord { case failure, success }

  mutating func read(_ document: StructuredTrace) {
    switch document.value {
    case .array(let values): for value in values { read(value, from: document.stream) }
    default: read(document.value, from: document.stream)
    }
  }

  private mutating func read(_ value: JSONValue, from stream: TraceStream) {
    guard value.object != nil else { return }
    switch value["type"]?.string?.lowercased() {
    case "result": readResult(value)
    case "error": readError(value)
    case "turn.failed", "response.failed": readError(value)
    case "system": if value["subtype"]?.string == "error" { readError(value) }
    case "turn.completed", "response.completed": succeed(turns: 1)
    case "item.completed": readItem(value["item"] ?? .null)
    case "assistant", "step_finish", "message_end", "turn_end", "text": readAnswer(value)
    case "message": if value["role"]?.string == "assistant" { readAnswer(value) }
    case "max_turns_reached": fail(code: "max_turns_reached")
    case "end": readEnd(value)
    case nil: readBare(value, from: stream)
    default: if value["error"]?.object != nil { readError(value) }
    }
  }

  /// The final line of claude, gemini and cursor.
  private mutating func readResult(_ value: JSONValue) {
    let subtype = value["subtype"]?.string?.lowercased() ?? ""
    let state = value["status"]?.string?.lowercased() ?? ""
    let claimed = value["num_turns"]?.integer
    let spoke = value["usage"]?["output_tokens"]?.integer ?? 0 > 0
    let refused = value["stop_reason"]?.string == "refusal"
    let failed =
      value["is_error"]?.bool == true || subtype.hasPrefix("error") || state == "error"
      || state == "turn_limit" || state == "max_turns" || refused
    guard failed else {
      lastWord = .success
      if let claimed { turns = max(turns ?? 0, claimed) }
      if value["result"]?.string?.isEmpty == false { hasAnswer = true }
      return
    }
    // Claude Code counts an API error as a turn, so one turn without output proves nothing.
    if let claimed { turns = max(turns ?? 0, claimed > 1 || spoke ? claimed : 0) }
    lastWord = .failure
    if refused { codes.append("refusal") }
    for name in ["subtype", "terminal_reason", "status", "error_code", "errorCode", "stop_reason"] {
      addCode(value[name])
    }
    addStatus(value["api_error_status"])
    for error in value["errors"]?.array ?? [] { addError(error) }
    addError(value["error"] ?? value["message"] ?? .null)
    if let text = value["result"]?.string { errors.append(text) }
  }

  /// `{"type":"error",…}` in all its forms: the API's body, codex, opencode, grok, pi.
  private mutating func readError(_ value: JSONValue) {
    lastWord = .failure
    let error = value["error"] ?? value["message"] ?? value["detail"] ?? value["data"] ?? .null
    addError(error)
    if value["error"] != nil, let text = value["message"]?.string { errors.append(text) }
    for name in ["code", "status", "statusCode"] { addCode(value[name]) }
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
    let message = value["message"] ?? value
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

  private mutating func readEnd(_ value: JSONValue) {
    let reason = value["stopReason"]?.string?.lowercased() ?? ""
    if reason == "endturn" { succeed(turns: 1) } else { addCode(value["stopReason"]) }
  }

  /// A document without a type: the body of an API's or a server's error.
  private mutating func readBare(_ value: JSONValue, from stream: TraceStream) {
    if let error = value["error"], !error.isNull {
      lastWord = .failure
      addError(error)
      addError(value["message"] ?? .null)
      for name in ["code", "status", "statusCode"] { addCode(value[name]) }
    } else if let error = value["errors"]?.array, !error.isEmpty {
      lastWord = .failure
      for entry in error { addError(entry) }
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
  private mutating func addError(_ value: JSONValue, depth: Int = 0) {
    if let text = value.string {
      errors.append(text)
    } else if value.object != nil, depth < 4 {
      addCodes(of: value)
      for name in ["message", "detail", "error", "data", "details", "cause"] {
        guard let inner = value[name], inner.string != nil || inner.object != nil else { continue }
        addError(inner, depth: depth + 1)
      }
    }
  }

  private mutating func addCodes(of value: JSONValue) {
    for name in ["type", "code", "status", "statusCode", "name", "__type", "reason"] {
      addCode(value[name])
    }
  }

  private mutating func addCode(_ value: JSONValue?) {
    if let number = value?.integer {
      addStatus(value)
      codes.append("\(number)")
    } else if let text = value?.string, text.utf8.count <= 128 {
      codes.append(text.lowercased())
      if text.utf8.count == 3, let number = Int64(text) { addStatus(.integer(number)) }
    }
  }

  private mutating func addStatus(_ value: JSONValue?) {
    guard let number = value?.integer, (400...599).contains(number), status == nil else { return }
    status = number
  }
}
