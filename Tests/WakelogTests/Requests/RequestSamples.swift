import WakelogModel

@testable import Wakelog

/// One method with every parameter it takes, and what is left when all that can be is left out.
struct RequestSample: Sendable, CustomStringConvertible {
  var type: any Request.Type
  var full: JSONObject
  var required: [String]
  /// What stands for all of which one at least must be given.
  var oneOf: [String]
  /// Whether `at` and `key` were added to `full`.
  var description: String { type.method }

  init(
    _ type: any Request.Type, _ full: JSONValue, required: [String], oneOf: [String] = []
  ) {
    self.oneOf = oneOf
    self.type = type
    self.full = full.object!
    self.required = required
    self.full["at"] = "2026-01-18T05:00:00+01:00"
    if type is any WritingRequest.Type { self.full["key"] = "k-1" }
  }

  var least: JSONObject {
    JSONObject(full.members.filter { (required + oneOf).contains($0.name) })
  }

  static let all: [RequestSample] = [
    RequestSample(HelloRequest.self, [:], required: []),
    RequestSample(
      WakeRequest.self,
      [
        "session": "s", "agent": "ada", "provider": "claude", "source": "message",
        "reason": "/new", "scope": "T1", "workspace": ["path": "/srv/app", "kind": "project"],
        "forceFresh": true, "keep": false, "resume": "abc",
        "fingerprint": ["authEpoch": "5", "model": "opus"], "transcript": false,
        "transcripts": ["abc": true, "def": false], "resumable": false, "lease": 60, "host": "h",
        "epoch": 0, "payload": "do it",
        "trace": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      ], required: ["session", "agent", "provider", "source"]),
    RequestSample(
      ProgressRequest.self,
      ["attempt": 7, "fence": "f", "sessionId": "abc", "entered": true, "pid": 42],
      required: ["attempt", "fence"]),
    RequestSample(
      FinishRequest.self,
      [
        "attempt": 7, "fence": "f", "outcome": "timedOut", "sessionId": "abc",
        "params": ["a": [nil, .number(1.5), ["x": 1, "y": 2]], "b": [:]] as JSONValue,
        "displayId": "d",
        "exitCode": -1, "signal": "SIGKILL", "stdout": "", "stderr": "boom", "message": "no",
        "status": 429, "errorCode": "ECONNRESET", "turns": 0, "resumed": false,
        "usage": [
          "inputTokens": 1, "cachedTokens": 1, "outputTokens": 0, "costMicros": 3,
          "total": ["costMicros"],
        ] as JSONValue, "retryAfterSeconds": 0,
      ], required: ["attempt", "fence"], oneOf: ["outcome"]),
    RequestSample(
      NextRequest.self, ["session": "s", "host": "h", "epoch": 3, "lease": 1],
      required: ["session"]),
    RequestSample(CancelRequest.self, ["session": "s", "by": "ada"], required: ["session"]),
    RequestSample(
      ResetRequest.self, ["session": "s", "because": "/new", "ifGeneration": 1],
      required: ["session"]),
    RequestSample(
      AbandonRequest.self, ["run": 1, "by": "ada", "why": "stuck"], required: ["run", "by", "why"]),
    RequestSample(
      ProbeRequest.self, ["session": "s", "sessionId": "abc", "exists": false, "detail": "ls"],
      required: ["session", "sessionId", "exists"]),
    RequestSample(
      CheckRequest.self, ["session": "s", "fence": "f"], required: ["session", "fence"]),
    RequestSample(
      FlushRequest.self, ["session": "s", "fence": "f", "from": 0, "to": 5],
      required: ["session", "fence", "from", "to"]),
    RequestSample(
      HostRequest.self, ["host": "h", "version": "1.2", "takeOver": true], required: ["host"]),
    RequestSample(
      UpgradeRequest.self, ["host": "h", "to": "1.3", "step": "verified", "detail": "ok"],
      required: ["host", "to", "step"]),
    RequestSample(PauseRequest.self, ["agent": "ada", "by": "eve"], required: ["agent"]),
    RequestSample(UnpauseRequest.self, ["agent": "ada", "by": "eve"], required: ["agent"]),
    RequestSample(
      RepairRequest.self,
      [
        "session": "s", "expect": ["sessionId": nil, "lastRun": "superseded"],
        "set": ["sessionId": "abc", "revive": "abc"], "by": "eve", "why": "it lives",
      ], required: ["session", "expect", "set", "by", "why"]),
    RequestSample(SessionRequest.self, ["session": "s"], required: ["session"]),
    RequestSample(AgentRequest.self, ["agent": "ada"], required: ["agent"]),
    RequestSample(RunRequest.self, ["run": 9], required: ["run"]),
    RequestSample(
      SessionsRequest.self, ["after": "c", "limit": 10_000, "agent": "ada", "status": "queued"],
      required: []),
    RequestSample(
      AgentsRequest.self, ["after": "c", "limit": 1, "agent": "ada", "status": "paused"],
      required: []),
    RequestSample(AttentionRequest.self, [:], required: []),
    RequestSample(WhyRequest.self, ["session": "s"], required: ["session"]),
    RequestSample(
      EventsRequest.self, ["from": 1, "to": 10, "session": "s", "limit": 5], required: []),
    RequestSample(SubscribeRequest.self, ["from": 0], required: []),
    RequestSample(
      PolicyRequest.self, ["adopt": Policy.builtIn(named: "hermes")!.json], required: []),
    RequestSample(
      RedactRequest.self, ["seq": 4, "by": "eve", "why": "secrets"],
      required: ["seq", "by", "why"]),
    RequestSample(
      ForgetRequest.self, ["session": "s", "by": "eve", "why": "asked for"],
      required: ["session", "by", "why"]),
    RequestSample(
      AdoptRequest.self,
      [
        "session": "s", "agent": "ada", "provider": "claude", "sessionId": "abc",
        "workspace": ["path": "/srv/app", "kind": "project"], "displayId": "d",
        "fingerprint": ["model": "opus"], "by": "eve",
      ], required: ["session", "agent", "provider", "sessionId", "by"]),
    RequestSample(
      ReviveRequest.self,
      [
        "since": "2026-01-18T05:00:00+01:00", "until": "2026-01-19T05:00:00+01:00",
        "because": "suspect", "provider": "claude", "agent": "ada", "by": "eve", "why": "home",
        "dryRun": true,
      ], required: ["since", "by", "why"]),
  ]
}

extension JSONObject {
  /// The same object with the value at a dotted path replaced; nil takes it away.
  func replacing(_ path: [String], with value: JSONValue?) -> JSONObject {
    var copy = self
    if path.count == 1 {
      copy[path[0]] = value
    } else if case .object(let inner)? = self[path[0]] {
      copy[path[0]] = .object(inner.replacing(Array(path.dropFirst()), with: value))
    }
    return copy
  }

  /// The dotted paths of all parameters, those within objects of parameters too.
  var parameterPaths: [[String]] {
    members.flatMap { member -> [[String]] in
      guard ["workspace", "usage", "expect", "set"].contains(member.name),
        case .object(let inner) = member.value
      else { return [[member.name]] }
      return [[member.name]] + inner.members.map { [member.name, $0.name] }
    }
  }
}

/// Takes a call, and gives its error.
func refusal(_ type: any Request.Type, _ json: JSONObject) -> WakelogError? {
  do throws(WakelogError) {
    _ = try type.init(json: json)
    return nil
  } catch {
    return error
  }
}
