extension Provider {
  /// The row as a document: what `init(json:)` reads, with every member written out.
  ///
  /// `literals` are objects here, `{ "entry", "kind", "patterns", "source" }` of the failure table.
  public var json: JSONValue {
    var document = JSONObject()
    document["name"] = .string(name)
    document["aliases"] = .strings(aliases)
    document["programs"] = .strings(call.programs)
    document["resume"] = .strings(call.resume)
    document["protocol"] = protocolName.map(JSONValue.string) ?? .null
    document["begin"] = .strings(call.begin)
    document["place"] = .string(call.place.rawValue)
    document["subcommands"] = .strings(call.subcommands)
    document["valued"] = .strings(call.valued)
    document["choosing"] = .strings(call.choosing)
    document["printing"] = .strings(call.printing)
    document["batch"] = .strings(call.batch)
    document["versions"] = .array(versions.map(\.json))
    document["output"] = .array(output.map(\.json))
    document["transcripts"] = transcripts?.json ?? .null
    let entries = literals.compactMap { name in FailureTable.entries.first { $0.id == name } }
    document["literals"] = .array(
      entries.map(Self.json))
    document["failures"] = .array(failures.map(\.json))
    document["unknown"] = .strings(unknown)
    document["sources"] = .array(
      sources.map { ["about": .string($0.about), "source": .string($0.source)] })
    return .object(document)
  }

  /// An entry of the failure table, for reading.
  static func json(_ entry: FailureEntry) -> JSONValue {
    [
      "entry": .string(entry.id), "kind": .string(entry.kind.name),
      "patterns": .strings(entry.patterns), "source": .string(entry.source),
    ]
  }
}

extension OutputRule {
  var json: JSONValue {
    var document = JSONObject()
    if !when.isEmpty { document["when"] = Self.json(when) }
    if !unless.isEmpty { document["unless"] = Self.json(unless) }
    document["sessionId"] = sessionId?.json
    switch entered {
    case .always: document["entered"] = true
    case .path(let path): document["entered"] = path.json
    case nil: break
    }
    switch turns {
    case .each(let count): document["turns"] = .integer(count)
    case .path(let path): document["turns"] = path.json
    case nil: break
    }
    document["inputTokens"] = Self.json(inputTokens)
    document["cachedTokens"] = Self.json(cachedTokens)
    document["outputTokens"] = outputTokens?.json
    document["costDollars"] = costDollars?.json
    if isSum { document["sum"] = true }
    if !total.isEmpty {
      document["total"] = .strings(UsageCount.allCases.filter(total.contains).map(\.rawValue))
    }
    document["text"] = text?.json
    document["part"] = part?.json
    document["answer"] = answer?.json
    document["tool"] = tool?.json
    document["toolInput"] = toolInput?.json
    return .object(document)
  }

  private static func json(_ paths: [JSONPath]) -> JSONValue? {
    switch paths.count {
    case 0: nil
    case 1: paths[0].json
    default: .array(paths.map(\.json))
    }
  }

  private static func json(_ conditions: [Condition]) -> JSONValue {
    .object(
      JSONObject(
        conditions.map { condition in
          let values = condition.values
          return JSONObject.Member(
            name: condition.path.text, value: values.count == 1 ? values[0] : .array(values))
        }))
  }
}

extension VersionChange {
  var json: JSONValue {
    var document = JSONObject()
    document["below"] = .string(below.description)
    document["resume"] = resume.map { .strings($0) }
    document["begin"] = begin.map { .strings($0) }
    document["printing"] = printing.map { .strings($0) }
    return .object(document)
  }
}

extension TranscriptLayout {
  var json: JSONValue {
    [
      "variable": .string(variable), "below": .string(below), "home": .string(home),
      "root": .string(root),
      "files": .array(
        files.map { file in
          [
            "depth": .integer(Int64(file.depth)), "prefix": .string(file.prefix),
            "suffix": .string(file.suffix),
            "idLength": file.idLength.map { .integer(Int64($0)) } ?? .null,
            "file": file.file.map(JSONValue.string) ?? .null,
          ]
        }),
      "database": database.map(JSONValue.string) ?? .null,
      "workspaceFolder": (workspaceFolder?.rawValue).map(JSONValue.string) ?? .null,
      "answers": .array(answers.map(\.json)),
    ]
  }
}

extension JSONPath {
  var json: JSONValue { .string(text) }
}

extension JSONValue {
  static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
