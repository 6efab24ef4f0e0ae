internal import Wakelog

extension Provider {
  /// A row for a CLI that the table does not know, from a document of the form of `json`.
  ///
  /// `name` and `resume` are required; anything else may be left out. A CLI whose output is not
  /// read can be resumed if it takes an id to begin under (`begin`).
  public init(json document: JSONObject) throws(ProviderError) {
    var members = DocumentMembers(document, at: "")
    guard let name = try members.string("name") else {
      throw ProviderError("name", "is missing; give the name that wakes use for the provider")
    }
    guard name.utf8.count <= 1_024 else { throw ProviderError("name", "is over 1,024 bytes") }
    self.name = name
    aliases = try members.strings("aliases")
    call = CallShape(resume: try Self.words("resume", &members))
    protocolName = try members.string("protocol")
    guard !call.resume.isEmpty || protocolName != nil else {
      throw ProviderError(
        "resume", "is missing; give the words that resume a session: [\"--resume\", \"{id}\"]")
    }
    call.programs = try members.strings("programs")
    call.begin = try Self.words("begin", &members)
    call.place = try members.choice("place", CallShape.Place.self) ?? .front
    call.subcommands = try members.strings("subcommands")
    call.valued = try members.strings("valued")
    call.choosing = try members.strings("choosing")
    call.printing = try members.strings("printing")
    call.batch = try members.strings("batch")
    for (object, path) in try members.objects("versions") {
      versions.append(try VersionChange(json: object, at: path))
    }
    for (object, path) in try members.objects("output") {
      output.append(try OutputRule(json: object, at: path))
    }
    if let value = members.value("transcripts") {
      guard let object = value.object else {
        throw ProviderError("transcripts", "must be an object")
      }
      transcripts = try TranscriptLayout(json: object, at: "transcripts")
    }
    literals = try Self.literals(&members)
    for (object, path) in try members.objects("failures") {
      failures.append(try TaughtFailure(json: object, at: path))
    }
    unknown = try members.strings("unknown")
    for (object, path) in try members.objects("sources") {
      var source = DocumentMembers(object, at: path)
      sources.append(
        ProviderSource(
          about: try source.string("about") ?? "", source: try source.string("source") ?? ""))
      try source.end()
    }
    try members.end()
  }

  /// Reads the document from JSON text.
  public init(text: String) throws(ProviderError) {
    let value: JSONValue
    do throws(JSONParseError) {
      value = try JSONParser.parse(text)
    } catch {
      throw ProviderError("document", "is no JSON: \(error)")
    }
    guard let document = value.object else { throw ProviderError("document", "must be an object") }
    try self.init(json: document)
  }

  /// Words with the place of the id among them.
  fileprivate static func words(
    _ name: String, _ members: inout DocumentMembers
  ) throws(ProviderError) -> [String] {
    let words = try members.strings(name)
    guard words.isEmpty || words.count(where: { CallShape.placeOfId(in: $0) != nil }) == 1 else {
      throw ProviderError(name, "must have {id} in one of its words, where the id stands")
    }
    return words
  }

  /// Names of entries of the failure table, by themselves or as `json` writes them.
  private static func literals(
    _ members: inout DocumentMembers
  ) throws(ProviderError) -> [String] {
    guard let value = members.value("literals") else { return [] }
    guard let array = value.array else {
      throw ProviderError("literals", "must be an array of names of the failure table's entries")
    }
    var names: [String] = []
    for (index, element) in array.enumerated() {
      let name = element.string ?? element["entry"]?.string
      guard let name, let entry = FailureTable.entries.first(where: { $0.id == name }) else {
        throw ProviderError(
          "literals[\(index)]",
          "is no entry of the failure table; texts of your own go into \"failures\"")
      }
      guard element.object == nil || element == Provider.json(entry) else {
        throw ProviderError(
          "literals[\(index)]",
          "differs from the failure table's \(name), which it only names; texts of your own go "
            + "into \"failures\"")
      }
      names.append(name)
    }
    return names
  }
}

extension VersionChange {
  init(json document: JSONObject, at path: String) throws(ProviderError) {
    var members = DocumentMembers(document, at: path)
    guard let below = try members.string("below").flatMap({ ProgramVersion($0) }) else {
      throw ProviderError(
        members.field("below"), "must be the first version that the row describes, as \"0.41.0\"")
    }
    self.init(below: below)
    if members.value("resume") != nil { resume = try Provider.words("resume", &members) }
    if members.value("begin") != nil { begin = try Provider.words("begin", &members) }
    if members.value("printing") != nil { printing = try members.strings("printing") }
    guard resume != nil || begin != nil || printing != nil else {
      throw ProviderError(
        path, "says of no words that they were others; give resume, begin or printing")
    }
    try members.end()
  }
}

extension TranscriptLayout {
  init(json document: JSONObject, at path: String) throws(ProviderError) {
    var members = DocumentMembers(document, at: path)
    let variable = members.value("variable")?.string ?? ""
    guard let home = try members.string("home"), let root = try members.string("root") else {
      throw ProviderError(path, "needs home and root")
    }
    let below = members.value("below")?.string ?? ""
    self.init(variable: variable, below: below, home: home, root: root, files: [])
    for (object, path) in try members.objects("files") {
      files.append(try Pattern(json: object, at: path))
    }
    guard !files.isEmpty else { throw ProviderError("\(path).files", "is missing or empty") }
    database = try members.string("database")
    workspaceFolder = try members.choice("workspaceFolder", WorkspaceFolder.self)
    for (object, path) in try members.objects("answers") {
      answers.append(try OutputRule(json: object, at: path))
    }
    try members.end()
  }
}

extension TranscriptLayout.Pattern {
  init(json document: JSONObject, at path: String) throws(ProviderError) {
    var members = DocumentMembers(document, at: path)
    let depth = members.value("depth")?.integer
    let idLength = members.value("idLength")
    let suffix = members.value("suffix")?.string
    guard let depth, (0...8).contains(depth), let suffix else {
      throw ProviderError(path, "needs depth, 0 to 8, and suffix")
    }
    guard idLength == nil || (1...1_024).contains(idLength?.integer ?? 0) else {
      throw ProviderError("\(path).idLength", "must be an integer of 1 to 1,024")
    }
    self.init(
      depth: Int(depth), prefix: members.value("prefix")?.string ?? "", suffix: suffix,
      idLength: (idLength?.integer).map { Int($0) }, file: try members.string("file"))
    try members.end()
  }
}
