internal import Wakelog
internal import WakelogModel
internal import WakelogProviders

/// The parameters of one of a host's methods, each to be asked for.
struct Parameters {
  private let object: JSONObject
  private var known: Set<String> = []
  /// The turn that was named.
  var number: Int64 = 0

  init(_ object: JSONObject) { self.object = object }

  private mutating func value(_ name: String) -> JSONValue? {
    known.insert(name)
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  private func wrong(_ name: String, _ expected: String) -> WakelogError {
    WakelogError(.invalidParameter, "`\(name)` must be \(expected)", field: name)
  }

  mutating func text(_ name: String) throws(WakelogError) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else { throw wrong(name, "text") }
    return text
  }

  mutating func required(_ name: String) throws(WakelogError) -> String {
    guard let text = try text(name) else {
      throw WakelogError(.invalidParameter, "`\(name)` is missing; give text", field: name)
    }
    return text
  }

  mutating func truth(_ name: String) throws(WakelogError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard let truth = value.bool else { throw wrong(name, "true or false") }
    return truth
  }

  mutating func integer(
    _ name: String, _ range: ClosedRange<Int64>
  ) throws(WakelogError) -> Int64? {
    guard let value = value(name) else { return nil }
    guard let number = value.integer, range.contains(number) else {
      throw wrong(name, "a number from \(range.lowerBound)")
    }
    return number
  }

  mutating func seconds(_ name: String) throws(WakelogError) -> Double? {
    switch value(name) {
    case nil: return nil
    case .integer(let seconds)? where (0...1_000_000_000).contains(seconds): return Double(seconds)
    case .number(let seconds)? where (0...1e9).contains(seconds): return seconds
    default: throw wrong(name, "a number of seconds, from 0")
    }
  }

  mutating func orphans() throws(WakelogError) -> OrphanPolicy? {
    guard let name = try text("orphans") else { return nil }
    guard let policy = OrphanPolicy(rawValue: name) else {
      throw wrong("orphans", OrphanPolicy.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return policy
  }

  mutating func outcome() throws(WakelogError) -> ReportedOutcome? {
    guard let name = try text("outcome") else { return nil }
    guard let outcome = ReportedOutcome(rawValue: name) else {
      throw wrong("outcome", ReportedOutcome.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return outcome
  }

  /// A provider's name and row: a name may be one that is not known.
  mutating func provider() throws(WakelogError) -> (name: String, row: Provider?) {
    switch value("provider") {
    case .string(let name)?: return (name, Provider.named(name))
    case .object(let document)?:
      let row = try naming(in: "provider") { () throws(ProviderError) in
        try Provider(json: document)
      }
      return (row.name, row)
    default: throw wrong("provider", "a name, or the document of a provider")
    }
  }

  mutating func agentCall() throws(WakelogError) -> AgentCall {
    let words = value("command")?.array
    let texts = words?.compactMap(\.string)
    guard let texts, !texts.isEmpty, texts.count == words?.count else {
      throw wrong("command", "a list of words: a program and its arguments")
    }
    var call = AgentCall(texts)
    call.input = try text("input")
    call.directory = try text("directory")
    if let given = value("environment") {
      guard let variables = given.object else {
        throw wrong("environment", "an object of variables, null for one to leave out")
      }
      for variable in variables.members {
        guard variable.value.isNull || variable.value.string != nil else {
          throw wrong("environment.\(variable.name)", "text, or null")
        }
        call.environment[variable.name] = .some(variable.value.string)
      }
    }
    for text in texts + [call.input, call.directory].compactMap(\.self)
    where text.utf8.contains(0) && text != call.input {
      throw wrong("command", "words without zero bytes")
    }
    return call
  }

  /// The members that nobody asked for.
  var rest: JSONObject {
    JSONObject(object.members.filter { !known.contains($0.name) })
  }

  /// Throws when there are any.
  func end() throws(WakelogError) {
    guard let other = rest.members.first(where: { !$0.value.isNull }) else { return }
    throw WakelogError(
      .invalidParameter,
      "`\(other.name)` is unknown; remove it, or use one of "
        + known.sorted().joined(separator: ", "), field: other.name)
  }
}
