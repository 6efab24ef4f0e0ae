internal import WakelogModel

extension Demo.Show {
  /// The show as data.
  var json: JSONValue {
    [
      "ok": .bool(isAsTold),
      "logs": ["asItWas": .string(pastDirectory), "here": .string(presentDirectory)],
      "asItWas": past.totals.json, "here": present.totals.json,
      "incidents": .array(acts.map(\.json)),
    ]
  }
}

extension Demo.Act {
  fileprivate var json: JSONValue {
    let facts = incident.facts.enumerated().map { index, fact -> JSONValue in
      [
        "at": .string(fact.at.description),
        "what": .string(fact.headline(namesSession: sessions.count > 1)),
        "asItWas": .array((past.script.lines[index] ?? []).map(\.json)),
        "here": .array((present.script.lines[index] ?? []).map(\.json)),
      ]
    }
    return [
      "incident": .string(incident.name), "title": .string(incident.title),
      "host": .string(incident.host), "cites": .array(incident.cites.map { .string($0) }),
      "story": .string(incident.story), "ok": .bool(isAsTold),
      "breaks": .array(incident.breaks.map { .string($0.rawValue) }),
      "asItWas": past.json, "here": present.json, "facts": .array(facts),
    ]
  }
}

extension Demo.Side {
  fileprivate var json: JSONValue {
    [
      "rules": .array(rules.map { .string($0) }),
      "events": [
        "from": .integer(Int64(clamping: events.lowerBound)),
        "to": .integer(Int64(clamping: events.upperBound)),
      ],
      "violations": .array(breaches.map(\.json)), "totals": totals.json,
    ]
  }
}

extension Demo.Breach {
  fileprivate var json: JSONValue {
    [
      "law": .string(law.rawValue), "session": .string(session),
      "seq": .integer(Int64(clamping: event)), "count": .integer(Int64(count)),
      "because": .string(because),
    ]
  }
}

extension Demo.Line {
  fileprivate var json: JSONValue {
    [
      "deed": .string(deed), "result": .string(result), "tone": .string(tone.rawValue),
      "seq": event.map { .integer(Int64(clamping: $0)) } ?? .null,
    ]
  }
}

extension Demo.Totals {
  fileprivate var json: JSONValue {
    [
      "runs": .integer(Int64(runs)), "failedRuns": .integer(Int64(failedRuns)),
      "attempts": .integer(Int64(attempts)), "deadResumes": .integer(Int64(deadResumes)),
      "coldStarts": .integer(Int64(coldStarts)),
      "workedButFailed": .integer(Int64(workedButFailed)),
      "blamedOnAgent": .integer(Int64(blamedOnAgent)),
      "resetsUndone": .integer(Int64(resetsUndone)),
      "messagesLost": .integer(Int64(messagesLost)),
      "wedgedMilliseconds": .integer(wedgedMilliseconds),
    ]
  }
}
