internal import Glibc
internal import Wakelog
internal import WakelogModel

/// The sessions that a host kept in a table of its own: `{ key: id }`, as it has it in a file.
///
/// JSON: an object of ids, or of objects, by key; a list of objects, or one object a line; or what
/// `wakelog sessions --json` prints. CSV: a line of column names, and a line for each session. Members
/// and columns are `session` or `key`, `sessionId` or `id`, and, where they differ from one session
/// to another, `agent`, `provider`, `workspace`, `displayId`.
public struct SessionMap: Sendable {
  /// A session, and what it points to.
  public struct Entry: Sendable, Hashable {
    /// The session key.
    public var session: String
    /// The provider session id.
    public var sessionId: String
    /// The agent; nil where the file does not say.
    public var agent: String?
    /// The provider; nil where the file does not say.
    public var provider: String?
    /// The folder that it works in; nil where the file does not say.
    public var workspace: String?
    /// The id to show to people; nil where the file does not say.
    public var displayId: String?
    /// Where in the file it stands, for messages.
    public var place: String
  }

  /// The entries, in the file's order.
  public private(set) var entries: [Entry] = []
  /// Sessions that point to nothing, which is no error.
  public private(set) var empty = 0

  /// Reads a file. Throws for one that is none of the forms, and for the first entry that is wrong.
  public init(contentsOf path: String) throws(ImportError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ImportError("\(path): \(systemError())") }
    let lines = Lines(FileBytes(descriptor))
    var text: [UInt8] = []
    while let line = lines.next() {
      guard case .bytes(let bytes, _) = line else {
        throw ImportError("\(path): a line is longer than 16 MiB")
      }
      text += bytes + [0x0A]
      guard text.count <= Self.largest else {
        throw ImportError("\(path): larger than \(Self.largest >> 20) MiB; split it")
      }
    }
    if let fault = lines.fault { throw ImportError("\(path): \(fault)") }
    // Windows writes a mark in front.
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
    guard let first = text.first(where: { !Self.isBlank($0) }) else {
      throw ImportError("\(path) is empty")
    }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      try readJSON(text, path)
    } else {
      try readTable(text, path)
    }
    try refuseTwice()
  }

  private static let largest = 256 << 20

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private static func parse(_ text: some Sequence<UInt8>) -> JSONValue? {
    let bytes = Array(text)
    return unsafe bytes.withUnsafeBytes { unsafe try? JSONParser.parse($0) }
  }

  // MARK: - JSON

  private mutating func readJSON(_ text: [UInt8], _ path: String) throws(ImportError) {
    guard let value = Self.parse(text) else {
      var number = 0
      for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
        number += 1
        if line.allSatisfy(Self.isBlank) { continue }
        guard let object = Self.parse(line)?.object else {
          throw ImportError("\(path): line \(number) is no JSON object")
        }
        try add(object, "line \(number)")
      }
      return
    }
    if let list = value["items"]?.array ?? value["sessions"]?.array ?? value.array {
      for (index, item) in list.enumerated() {
        guard let object = item.object else {
          throw ImportError("\(path): entry \(index + 1) is no object")
        }
        try add(object, "entry \(index + 1)")
      }
      return
    }
    let object = value.object ?? JSONObject()
    // One session on one line, of a file of lines.
    if object["session"]?.string != nil || object["key"]?.string != nil,
      Self.names("sessionId").contains(where: { object[$0] != nil })
    {
      return try add(object, "line 1")
    }
    for member in object.members {
      let place = JSONValue.string(member.name).text
      switch member.value {
      case .null: empty += 1
      case .string(let id):
        entries.append(Entry(session: member.name, sessionId: id, place: place))
      case .object(var entry):
        entry["session"] = .string(member.name)
        try add(entry, place)
      default: throw ImportError("\(path): \(place) is neither an id nor an object with one")
      }
    }
  }

  private static func names(_ member: String) -> [String] {
    switch member {
    case "session": ["session", "key", "sessionKey", "session_key"]
    case "sessionId": ["sessionId", "id", "session_id"]
    case "displayId": ["displayId", "display_id"]
    default: [member]
    }
  }

  private mutating func add(_ object: JSONObject, _ place: String) throws(ImportError) {
    // As `sessions --json` prints it: an id for each provider.
    if let bindings = object["bindings"]?.array ?? object["bound"]?.object.map({ [.object($0)] }) {
      for case .object(var binding) in bindings {
        binding["session"] = object["key"]
        for name in ["agent", "provider"] where binding[name] == nil {
          binding[name] = object[name]
        }
        try addOne(binding, place)
      }
      return
    }
    if object["bound"]?.isNull == true {
      empty += 1
      return
    }
    try addOne(object, place)
  }

  private mutating func addOne(_ object: JSONObject, _ place: String) throws(ImportError) {
    func text(_ member: String) throws(ImportError) -> String? {
      for name in Self.names(member) {
        switch object[name] {
        case nil, .null?: continue
        case .string(let text)?: return text.isEmpty ? nil : text
        default: throw ImportError("\(place): \(name) is no text")
        }
      }
      return nil
    }
    guard let session = try text("session") else {
      throw ImportError("\(place) names no session; give it as session")
    }
    guard let id = try text("sessionId") else {
      empty += 1
      return
    }
    var entry = Entry(session: session, sessionId: id, place: place)
    entry.agent = try text("agent")
    entry.provider = try text("provider")
    entry.workspace = object["workspace"]?["path"]?.string
    if entry.workspace == nil { entry.workspace = try text("workspace") }
    entry.displayId = try text("displayId")
    entries.append(entry)
  }

  // MARK: - CSV

  private mutating func readTable(_ text: [UInt8], _ path: String) throws(ImportError) {
    var reader = CSVReader(Lines(HeldBytes(text)))
    guard case .fields(let columns, _)? = reader.next() else {
      throw ImportError("\(path) is neither JSON nor CSV with a line of column names")
    }
    let names = columns.map { $0 ?? "" }
    for wanted in ["session", "sessionId"]
    where !names.contains(where: Self.names(wanted).contains) {
      throw ImportError(
        "\(path) is neither JSON nor CSV with a column \(Self.names(wanted).joined(separator: " or "))"
          + "; its first line is \(names.joined(separator: ","))")
    }
    var number = 1
    while let record = reader.next() {
      number += 1
      switch record {
      case .fault(let because, _): throw ImportError("\(path): row \(number) \(because)")
      case .fields(let fields, _):
        if fields.count == 1, fields[0]?.isEmpty != false { continue }
        guard fields.count == names.count else {
          throw ImportError(
            "\(path): row \(number) has \(fields.count) fields, and there are \(names.count) columns"
          )
        }
        var object = JSONObject()
        for (name, field) in zip(names, fields) where object[name] == nil {
          object.append(name, .string(field ?? ""))
        }
        try addOne(object, "row \(number)")
      }
    }
  }

  /// A session that points to two ids of one provider points to neither.
  private func refuseTwice() throws(ImportError) {
    struct Name: Hashable {
      var session: String
      var provider: String?
    }
    var seen: [Name: Entry] = [:]
    for entry in entries {
      let name = Name(session: entry.session, provider: entry.provider)
      if let other = seen[name], other.sessionId != entry.sessionId {
        throw ImportError(
          "\(other.place) and \(entry.place) give \(entry.session) different ids; keep one")
      }
      seen[name] = entry
    }
  }
}
