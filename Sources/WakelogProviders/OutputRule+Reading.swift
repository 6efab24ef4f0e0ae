extension OutputRule {
  init(json document: JSONObject, at path: String) throws(ProviderError) {
    var members = DocumentMembers(document, at: path)
    when = try Self.conditions("when", &members)
    unless = try Self.conditions("unless", &members)
    sessionId = try members.path("sessionId")
    entered = try Self.sign(&members)
    turns = try Self.count(&members)
    inputTokens = try members.paths("inputTokens")
    cachedTokens = try members.paths("cachedTokens")
    outputTokens = try members.path("outputTokens")
    costDollars = try members.path("costDollars")
    total = try Self.totals(&members)
    text = try members.path("text")
    part = try members.path("part")
    answer = try members.path("answer")
    tool = try members.path("tool")
    toolInput = try members.path("toolInput")
    if let sum = members.value("sum") {
      guard let truth = sum.bool else {
        throw ProviderError("\(path).sum", "must be true or false")
      }
      isSum = truth
    }
    try members.end()
  }

  private static func conditions(
    _ name: String, _ members: inout DocumentMembers
  ) throws(ProviderError) -> [Condition] {
    guard let value = members.value(name) else { return [] }
    let field = members.field(name)
    guard let object = value.object else {
      throw ProviderError(field, "must be an object: { \"type\": \"result\" }")
    }
    var conditions: [Condition] = []
    for member in object.members {
      let values = member.value.array ?? [member.value]
      guard !values.isEmpty, values.allSatisfy({ $0.array == nil && $0.object == nil }) else {
        throw ProviderError(
          "\(field).\(member.name)", "must be text, a number, true or false, or an array of those")
      }
      let path = try DocumentMembers.path(member.name, "\(field).\(member.name)")
      conditions.append(Condition(path: path, values: values))
    }
    return conditions
  }

  private static func totals(
    _ members: inout DocumentMembers
  ) throws(ProviderError) -> Set<UsageCount> {
    if members.value("total")?.bool == true { return Set(UsageCount.allCases) }
    if members.value("total")?.bool == false { return [] }
    var names: Set<UsageCount> = []
    for name in try members.strings("total") {
      guard let count = UsageCount(rawValue: name) else {
        let known = UsageCount.allCases.map(\.rawValue).joined(separator: ", ")
        throw ProviderError(members.field("total"), "has no \(name); there are \(known)")
      }
      names.insert(count)
    }
    return names
  }

  private static func sign(_ members: inout DocumentMembers) throws(ProviderError) -> Sign? {
    switch members.value("entered") {
    case nil: return nil
    case .bool(true): return .always
    default: return try members.path("entered").map { .path($0) }
    }
  }

  private static func count(_ members: inout DocumentMembers) throws(ProviderError) -> Count? {
    switch members.value("turns") {
    case nil: return nil
    case .integer(let count):
      guard (1...1_000).contains(count) else {
        throw ProviderError(members.field("turns"), "must be 1 to 1,000, or a path")
      }
      return .each(count)
    default: return try members.path("turns").map { .path($0) }
    }
  }
}
