internal import WakelogModel

extension ParameterForm where Value == JSONObject {
  /// An object that is kept as it is: at most 16 KiB of canonical JSON.
  ///
  /// Its members are sorted, within it too: a host that calls again may have written them in
  /// another order, as hosts with hashed dictionaries do.
  static var opaque: Self {
    Self(
      "an object",
      read: { (json, path) throws(WakelogError) in
        guard case .object(let object) = json else {
          throw .unexpected(json, at: path, "an object")
        }
        let sorted = object.sorted
        try checkLength(of: sorted, at: path)
        return sorted
      }, write: { .object($0.sorted) })
  }
}

extension ParameterForm where Value == NamedValues<String> {
  /// Names with values that are compared as text: an integer or a boolean is its JSON text.
  static var fingerprint: Self {
    Self(
      "an object of strings, integers and booleans",
      read: { (json, path) throws(WakelogError) in
        let values = try NamedValues(json, path, "strings, integers and booleans") {
          switch $0 {
          case .string(let text): text
          case .integer, .bool: $0.text
          default: nil
          }
        }
        try checkLength(of: values.object { .string($0) }, at: path)
        return values
      }, write: { .object($0.object { .string($0) }) })
  }
}

extension ParameterForm where Value == NamedValues<Bool> {
  /// Names with truth values.
  static var truths: Self {
    Self(
      "an object of booleans",
      read: { (json, path) throws(WakelogError) in
        try NamedValues(json, path, "booleans") { $0.bool }
      }, write: { .object($0.object { .bool($0) }) })
  }
}

extension NamedValues {
  /// Reads an object of values; a member that is null counts as left out.
  fileprivate init(
    _ json: JSONValue, _ path: String, _ kinds: String, _ value: (JSONValue) -> Value?
  ) throws(WakelogError) {
    guard case .object(let object) = json else {
      throw .unexpected(json, at: path, "an object of \(kinds)")
    }
    var pairs: [Pair] = []
    for member in object.members where !member.value.isNull {
      let field = ParameterReader.path(path, member.name)
      guard !member.name.isEmpty else {
        throw WakelogError(
          .invalidParameter, "`\(field)` is a name of no bytes; give it one", field: field)
      }
      try WakelogError.check(
        member.name.utf8.count, atMost: ParameterReader.longestName, at: field)
      guard let value = value(member.value) else {
        throw .unexpected(member.value, at: field, "one of \(kinds)")
      }
      pairs.append((name: member.name, value: value))
    }
    self.init(pairs)
    guard self.pairs.count == pairs.count else {
      throw WakelogError(.invalidParameter, "`\(path)` has a name twice", field: path)
    }
  }

  fileprivate func object(_ json: (Value) -> JSONValue) -> JSONObject {
    JSONObject(pairs.map { .init(name: $0.name, value: json($0.value)) })
  }
}

private func checkLength(of object: JSONObject, at path: String) throws(WakelogError) {
  let bytes = JSONValue.object(object).bytes
  try WakelogError.check(bytes.count, atMost: ParameterReader.longestObject, at: path)
}

extension JSONObject {
  /// The same object with its members, and those of all objects in it, sorted by name bytes.
  fileprivate var sorted: JSONObject {
    JSONObject(
      members.map { Member(name: $0.name, value: $0.value.sorted) }
        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
  }
}

extension JSONValue {
  fileprivate var sorted: JSONValue {
    switch self {
    case .object(let object): .object(object.sorted)
    case .array(let elements): .array(elements.map(\.sorted))
    default: self
    }
  }
}

extension ParameterForm where Value == Set<Usage.Count> {
  /// `true` for all counts, or a list of their names.
  static var counts: Self {
    Self(
      "true or a list of \(Usage.Count.allCases.map(\.rawValue).joined(separator: ", "))",
      reading: { json in
        if let all = json.bool { return all ? Set(Usage.Count.allCases) : [] }
        guard let names = json.array else { return nil }
        var counts: Set<Usage.Count> = []
        for name in names {
          guard let count = name.string.flatMap(Usage.Count.init(rawValue:)) else { return nil }
          counts.insert(count)
        }
        return counts
      },
      write: { counts in
        if counts.count == Usage.Count.allCases.count { return true }
        return .array(
          Usage.Count.allCases.filter(counts.contains).map { .string($0.rawValue) })
      })
  }
}

extension ParameterForm where Value == ProcessSignal {
  /// A signal's number or name.
  static var signal: Self {
    let expected = "a signal's number, 0 to 64, or its name, such as SIGTERM"
    return Self(
      expected,
      reading: { json in
        switch json {
        case .string(let name) where ProcessSignal.isName(name): .name(name)
        case .integer(let value) where (0...64).contains(value): .number(Int32(value))
        default: nil
        }
      },
      write: {
        switch $0 {
        case .number(let number): .integer(Int64(number))
        case .name(let name): .string(name)
        }
      })
  }
}

extension ProcessSignal {
  /// Whether a text is a signal's name on any system that hosts run on, with or without `SIG`.
  fileprivate static func isName(_ text: String) -> Bool {
    let upper = text.uppercased()
    let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
    return names.contains(name) || name.hasPrefix("RTMIN") || name.hasPrefix("RTMAX")
  }

  // signal(7) of Linux, signal(3) of macOS, and what Node has on Windows.
  private static let names: Set<String> = [
    "ABRT", "ALRM", "BREAK", "BUS", "CHLD", "CLD", "CONT", "EMT", "FPE", "HUP", "ILL", "INFO",
    "INT", "IO", "IOT", "KILL", "LOST", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT",
    "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "UNUSED", "URG", "USR1", "USR2",
    "VTALRM", "WINCH", "XCPU", "XFSZ",
  ]
}

extension ParameterForm where Value == UInt32 {
  /// The longest span: the log keeps spans plus one in 32 bits.
  static var longestSpan: UInt32 { .max - 1 }

  /// A span of whole seconds, at least one.
  static var seconds: Self { integer(1...longestSpan) }

  /// A span as a provider says it: part of a second counts as a whole one.
  static var wait: Self {
    Self(
      "a number of seconds from 0 to \(longestSpan)",
      reading: { json in
        switch json {
        case .integer(let value) where (0...Int64(longestSpan)).contains(value): UInt32(value)
        case .number(let value) where value >= 0 && value <= Double(longestSpan):
          UInt32(value.rounded(.up))
        default: nil
        }
      }, write: { .integer(Int64($0)) })
  }
}

extension ParameterForm where Value == Policy {
  /// A policy document.
  static var policy: Self {
    Self(
      "a policy document",
      read: { (json, path) throws(WakelogError) in
        do throws(PolicyError) {
          return try Policy(json: json)
        } catch {
          let field = error.field == "policy" ? path : "\(path).\(error.field)"
          throw WakelogError(.invalidParameter, "`\(field)` \(error.message)", field: field)
        }
      }, write: { $0.json })
  }
}
