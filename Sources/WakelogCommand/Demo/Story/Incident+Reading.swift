internal import Wakelog
internal import WakelogModel

// An incident's file: lines of JSON. One names the incident, `world` lines say what an attempt
// meets, and every other line is an event of PROTOCOL, held against the format like an import.

extension Demo.Incident {
  /// Reads an incident; a line that is wrong is a mistake of ours and says where.
  init(lines text: String) throws {
    var about: JSONObject?
    var rules: [Demo.World.Rule] = []
    var facts: [Demo.Fact] = []
    var symbols = Demo.Symbols()
    for (index, line) in text.split(separator: "\n").enumerated() {
      let json = try JSONParser.parse(String(line))
      guard let object = json.object else { throw Demo.Fault("line \(index + 1) is no object") }
      if object["incident"] != nil {
        about = object
      } else if object["world"] != nil {
        rules.append(try Demo.World.Rule(object))
      } else {
        _ = try ImportedEvent(json: json, numbers: &symbols) { _ in .none }
        facts.append(try Demo.Fact(object, index: facts.count))
      }
    }
    guard let about else { throw Demo.Fault("no line names the incident") }
    name = try about.required("incident")
    title = try about.required("title")
    host = try about.required("host")
    story = try about.required("story")
    policy = try about.required("policy")
    self.rules = try about.required("rules")
    cites = about["cites"]?.array?.compactMap(\.string) ?? []
    breaks = about["breaks"]?.array?.compactMap { $0.string.flatMap(Law.init(rawValue:)) } ?? []
    self.facts = facts
    world = Demo.World(rules)
  }
}

extension Demo.Fact {
  init(_ line: JSONObject, index: Int) throws {
    guard let at = Instant(try line.required("at")) else { throw Demo.Fault("a fact without time") }
    self.at = at
    self.line = line
    switch EventKind(name: try line.required("kind")) {
    case .wakeRequested: deed = .wake(try Demo.Wake(line, index: index, at: at))
    case .sessionReset:
      deed = .reset(session: try line.required("session"), because: try line.required("because"))
    case .hostStarted:
      deed = .hostStarted(host: try line.required("host"), version: try line.required("version"))
    case .hostUpgraded:
      guard let step = UpgradeStep(name: try line.required("step")) else {
        throw Demo.Fault("an upgrade without step")
      }
      deed = .hostUpgraded(
        host: try line.required("host"), to: try line.required("to"), step: step,
        detail: line["detail"]?.string)
    case .noteAdded: deed = .note(by: try line.required("by"), text: try line.required("text"))
    default: throw Demo.Fault("\(try line.required("kind")) is a decision, and no fact")
    }
  }
}

extension Demo.Wake {
  init(_ line: JSONObject, index: Int, at: Instant) throws {
    guard let source = Source(name: try line.required("source")) else {
      throw Demo.Fault("a wake without source")
    }
    self.init(
      index: index, at: at, session: try line.required("session"),
      agent: try line.required("agent"),
      provider: try line.required("provider"), source: source, reason: line["reason"]?.string,
      scope: line["scope"]?.string, workspace: nil,
      transcript: line["transcript"]?.string.map { $0 == "present" },
      leavesNoSession: line["leavesNoSession"]?.bool == true, host: line["host"]?.string,
      line: line)
    if let path = line["workspace"]?.string,
      let kind = line["workspaceKind"]?.string.flatMap(WorkspaceKind.init(name:))
    {
      workspace = Demo.Place(path: path, kind: kind)
    }
  }
}

extension JSONObject {
  /// A member that must be a string.
  func required(_ name: String) throws -> String {
    guard let text = self[name]?.string else { throw Demo.Fault("`\(name)` is missing") }
    return text
  }
}
