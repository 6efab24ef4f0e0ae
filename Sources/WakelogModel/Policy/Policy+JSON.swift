extension Policy {
  /// The whole document, every key in fixed order; `init(json:)` makes an equal policy of it.
  ///
  /// `retention` is there only where something has an age: then a policy without it has the text
  /// that it always had, and adopting it again records nothing.
  public var json: JSONValue {
    var document = JSONObject()
    document["name"] = .string(name)
    document["version"] = .integer(Int64(version))
    document.members += rules.json.members
    if !retention.keepsEverything { document["retention"] = retention.json }
    document["overrides"] = .array(overrides.map(\.json))
    return .object(document)
  }
}

extension Policy.Override {
  /// The override's document: the keys that it gave, and no others.
  var json: JSONValue {
    var document = JSONObject()
    document["match"] = match.json
    for section in rules.json.members {
      let members = section.value.object?.members ?? []
      let given = members.filter { keys.contains("\(section.name).\($0.name)") }
      if !given.isEmpty { document[section.name] = .object(JSONObject(given)) }
    }
    return .object(document)
  }
}

extension Policy.Match {
  fileprivate var json: JSONValue {
    var document = JSONObject()
    document["provider"] = provider.map { .string($0) }
    document["sessionPrefix"] = sessionPrefix.map { .string($0) }
    document["agent"] = agent.map { .string($0) }
    return .object(document)
  }
}

extension Rules {
  /// The sections of the document with all their keys, in fixed order.
  var json: JSONObject {
    let sections: JSONValue = [
      "reset": reset.json,
      "resume": [
        "unscopedFallsBackToAgent": .bool(resume.unscopedFallsBackToAgent),
        "boundToHost": .bool(resume.boundToHost),
      ],
      "fallback": [
        "maxAttempts": .integer(Int64(fallback.maxAttempts)),
        "suspectLimit": .integer(Int64(fallback.suspectLimit)),
        "inUse": .string(fallback.inUse.rawValue),
      ],
      "lease": ["seconds": .integerOrNull(lease.seconds)],
      "attention": [
        "silentSeconds": .integer(attention.silentSeconds),
        "stuckSeconds": .integer(attention.stuckSeconds),
      ],
    ]
    return sections.object ?? JSONObject()
  }

  /// The paths of the keys that a document, read into these rules, gave.
  ///
  /// A null that was taken stands as null in the rules; a null that counts as left out does not.
  func keys(givenIn document: JSONValue) -> [String] {
    var keys: [String] = []
    for section in json.members {
      for member in section.value.object?.members ?? [] {
        guard let value = document[section.name]?[member.name] else { continue }
        if value.isNull, !member.value.isNull { continue }
        keys.append("\(section.name).\(member.name)")
      }
    }
    return keys
  }
}

extension Rules.Reset {
  fileprivate var json: JSONValue {
    [
      "reasons": .array(reasons.map { .string($0) }),
      "unscopedTimer": .bool(unscopedTimer),
      "idleSeconds": .integerOrNull(idleSeconds),
      "dailyAtHour": .integerOrNull(dailyAtHour.map { Int64($0) }),
      "exemptSources": .array(exemptSources.map { .string($0.name) }),
      "rotate": rotate?.json ?? .null,
      "invalidateOn": .array(invalidateOn.map { .string($0) }),
      "explicitResumeWins": .bool(explicitResumeWins),
    ]
  }
}

extension Rules.Rotation {
  fileprivate var json: JSONValue {
    [
      "runs": .integerOrNull(runs),
      "inputTokens": .integerOrNull(inputTokens),
      "ageSeconds": .integerOrNull(ageSeconds),
    ]
  }
}

extension JSONValue {
  fileprivate static func integerOrNull(_ number: Int64?) -> JSONValue {
    number.map { .integer($0) } ?? .null
  }
}
