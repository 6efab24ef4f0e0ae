extension Policy {
  /// Takes a document; throws for the first value at fault, in the document's fixed order.
  ///
  /// Strict: a key that is not known is an error. A key left out has the value of `standard`; so
  /// has a key that is null, except where null says something (`reset.idleSeconds`,
  /// `reset.dailyAtHour`, `reset.rotate`, `lease.seconds`): there it switches the rule off, which
  /// in an override differs from leaving it out. `rotate` is one value: an override replaces all
  /// of it.
  ///
  /// A limit of 0 is an error: null says "never".
  public init(json: JSONValue) throws(PolicyError) {
    try self.init(json, isRecorded: false)
  }

  /// Takes a document that a log has adopted: as strict, but for limits of 0, which releases before
  /// 0.2 took.
  public init(recorded json: JSONValue) throws(PolicyError) {
    try self.init(json, isRecorded: true)
  }

  private init(_ json: JSONValue, isRecorded: Bool) throws(PolicyError) {
    let document = try PolicyReader(
      json, path: "", keys: ["name", "version"] + Rules.sections + ["retention", "overrides"],
      isRecorded: isRecorded)
    var name = "standard"
    try document.read("name", into: &name)
    var version = 1
    try document.read("version", in: 0...4_294_967_295, into: &version)
    var rules = Rules()
    try rules.read(document)
    self.name = name
    self.version = version
    self.rules = rules
    self.retention = try Retention(document)
    self.overrides = try Self.overrides(in: document, of: rules)
  }

  private static func overrides(
    in document: PolicyReader, of rules: Rules
  ) throws(PolicyError) -> [Override] {
    guard let elements = try document.list("overrides") else { return [] }
    var overrides: [Override] = []
    for (index, element) in elements.enumerated() {
      overrides.append(
        try Override(
          json: element, path: "overrides[\(index)]", of: rules, isRecorded: document.isRecorded))
    }
    return overrides
  }
}

extension Policy.Override {
  fileprivate init(
    json: JSONValue, path: String, of base: Rules, isRecorded: Bool
  ) throws(PolicyError) {
    let document = try PolicyReader(
      json, path: path, keys: ["match"] + Rules.sections, isRecorded: isRecorded)
    guard let match = try document.object("match", keys: ["provider", "sessionPrefix", "agent"])
    else {
      throw PolicyError(
        field: document.path(of: "match"), message: "say which keys are meant; {} means all")
    }
    self.match = try Policy.Match(match)
    var rules = base
    try rules.read(document)
    self.rules = rules
    self.keys = rules.keys(givenIn: json)
  }
}

extension Policy.Match {
  fileprivate init(_ document: PolicyReader) throws(PolicyError) {
    var (provider, sessionPrefix, agent): (String?, String?, String?) = (nil, nil, nil)
    try document.read("provider", into: &provider)
    try document.read("sessionPrefix", into: &sessionPrefix)
    try document.read("agent", into: &agent)
    (self.provider, self.sessionPrefix, self.agent) = (provider, sessionPrefix, agent)
  }
}
