public import CWakelog
internal import Wakelog
internal import WakelogProviders

/// See wakelog.h.
@c @implementation
public func wakelog_providers(
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ result_length: UnsafeMutablePointer<Int>!
) -> wakelog_status {
  unsafe giving(result, result_length) { JSONText(.array(Provider.all.map(\.json))) }
}

/// See wakelog.h.
@c @implementation
public func wakelog_command(
  _ request: UnsafePointer<CChar>!, _ request_length: Int,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ result_length: UnsafeMutablePointer<Int>!
) -> wakelog_status {
  unsafe giving(result, result_length) { () throws(WakelogError) in
    let request = CommandRequest(
      unsafe try Text.object(request, count: request_length, "request"))
    let provider = try request.provider()
    let (words, resuming) = (try request.words(), try request.text("sessionId"))
    let beginning = try request.text("newId")
    try request.refuseOthers()
    return try naming { () throws(ProviderError) in
      let command = try provider.command(words, resuming: resuming, beginning: beginning)
      return JSONText([
        "command": .array(command.words.map { .string($0) }),
        "sessionId": command.sessionId.map { .string($0) } ?? .null,
      ])
    }
  }
}

/// See wakelog.h.
@c @implementation
public func wakelog_classify(
  _ facts: UnsafePointer<CChar>!, _ facts_length: Int,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ result_length: UnsafeMutablePointer<Int>!
) -> wakelog_status {
  unsafe giving(result, result_length) { () throws(WakelogError) in
    JSONText(.object(try classify(facts: unsafe Text.object(facts, count: facts_length, "facts"))))
  }
}

/// A request of `wakelog_command`.
private struct CommandRequest {
  private let members: JSONObject

  init(_ members: JSONObject) { self.members = members }

  func provider() throws(WakelogError) -> Provider {
    switch members["provider"] {
    case .string(let name)?: return try Provider.known(name)
    case .object(let document)?:
      return try naming { () throws(ProviderError) in try Provider(json: document) }
    default:
      throw WakelogError(
        .invalidParameter, "`provider` must be a name, or the document of a provider",
        field: "provider")
    }
  }

  func words() throws(WakelogError) -> [String] {
    let words = members["command"]?.array
    let texts = words?.compactMap(\.string)
    guard let texts, texts.count == words?.count else {
      throw WakelogError(
        .invalidParameter, "`command` must be a list of words", field: "command")
    }
    return texts
  }

  func text(_ name: String) throws(WakelogError) -> String? {
    switch members[name] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default:
      throw WakelogError(.invalidParameter, "`\(name)` must be a string", field: name)
    }
  }

  func refuseOthers() throws(WakelogError) {
    let known = ["provider", "command", "sessionId", "newId"]
    for member in members.members where !known.contains(member.name) {
      throw WakelogError(
        .invalidParameter,
        "`\(member.name)` is unknown; remove it, or use one of \(known.joined(separator: ", "))",
        field: member.name)
    }
  }
}
