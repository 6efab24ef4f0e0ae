import Testing
import WakelogModel

@testable import Wakelog

struct RequestTests {
  @Test("Every method of the protocol has one request, and a sample with all it takes")
  func complete() {
    #expect(
      Requests.types.map { $0.method } == [
        "hello", "wake", "progress", "finish", "next", "cancel", "reset", "abandon", "probe",
        "check", "flush", "host", "upgrade", "pause", "unpause", "repair", "session", "agent",
        "run", "sessions", "agents", "attention", "why", "events", "subscribe", "policy", "redact",
        "forget", "adopt", "revive",
      ])
    #expect(RequestSample.all.map { $0.type.method } == Requests.types.map { $0.method })
    for sample in RequestSample.all where sample.type != WhyRequest.self {
      let names = (sample.type as! any ParameterObject.Type).parameterNames
      #expect(sample.full.members.map(\.name) == names)
    }
  }

  @Test("What a call says is what its request says", arguments: RequestSample.all)
  func roundTrip(sample: RequestSample) throws {
    let request = try sample.type.init(json: sample.full)
    #expect(JSONValue.object(request.json).text == JSONValue.object(sample.full).text)
    try request.validate()
    let least = try sample.type.init(json: sample.least)
    #expect(JSONValue.object(least.json).text == JSONValue.object(sample.least).text)
    let parsed = try JSONParser.parse(JSONValue.object(request.json).text).object
    let again = try Requests.read(sample.type.method, try #require(parsed))
    #expect(JSONValue.object(again.json).text == JSONValue.object(request.json).text)
  }

  @Test("Members may come in any order", arguments: RequestSample.all)
  func order(sample: RequestSample) throws {
    let request = try sample.type.init(json: JSONObject(sample.full.members.reversed()))
    #expect(JSONValue.object(request.json).text == JSONValue.object(sample.full).text)
  }

  @Test("What must be there is named when it is missing or null", arguments: RequestSample.all)
  func missing(sample: RequestSample) throws {
    for name in sample.full.members.map(\.name) {
      for value in [JSONValue?.none, .some(.null)] {
        var json = sample.full.replacing([name], with: value)
        if name == "host" { json["epoch"] = nil }
        if name == "adopt" { json["key"] = nil }
        guard sample.required.contains(name) else {
          let request = try sample.type.init(json: json)
          #expect(request.json[name] == nil)
          continue
        }
        let error = refusal(sample.type, json)
        #expect(error?.code == .invalidParameter && error?.field == name, "\(name)")
        #expect(error?.message.contains("missing") == true, "\(name)")
      }
    }
  }

  @Test("What nobody knows is named, within objects too", arguments: RequestSample.all)
  func unknown(sample: RequestSample) {
    let places =
      [[]] + sample.full.parameterPaths.filter { $0.count == 2 }.map { [$0[0]] }
      + (sample.full["adopt"] == nil ? [] : [["adopt"], ["adopt", "reset"]])
    for place in places {
      for name in ["colour", "Session", "", "agent\u{301}"] {
        let error = refusal(sample.type, sample.full.replacing(place + [name], with: 1))
        let field = (place + [name.isEmpty ? "\"\"" : name]).joined(separator: ".")
        #expect(error?.code == .invalidParameter && error?.field == field)
      }
    }
  }

  @Test("What is given twice is named", arguments: RequestSample.all)
  func twice(sample: RequestSample) {
    for member in sample.full.members {
      let error = refusal(sample.type, JSONObject(sample.full.members + [member]))
      #expect(error?.code == .invalidParameter && error?.field == member.name)
    }
  }

  @Test("What has the wrong type is named", arguments: RequestSample.all)
  func types(sample: RequestSample) throws {
    let values: [JSONValue] = [true, 5, .number(5), .number(.nan), "5", [], [5], [:], ["x": "y"]]
    for path in sample.full.parameterPaths {
      var refused = 0
      for value in values {
        let json = sample.full.replacing(path, with: value)
        do throws(WakelogError) {
          let request = try sample.type.init(json: json)
          try request.validate()
        } catch {
          refused += 1
          #expect(error.code == .invalidParameter)
          #expect(error.field?.hasPrefix(path.joined(separator: ".")) == true, "\(error)")
          #expect(!error.message.isEmpty)
        }
      }
      let wanted = path == ["fingerprint"] || path == ["params"] ? 7 : path == ["adopt"] ? 8 : 6
      #expect(refused >= wanted, "\(path)")
    }
  }

  @Test("A name of no bytes is named, one of too many is too large", arguments: RequestSample.all)
  func lengths(sample: RequestSample) throws {
    for path in sample.full.parameterPaths {
      let found = path.dropFirst().reduce(sample.full[path[0]]) { $0?[$1] }
      let isWord = ["source", "kind", "outcome", "step", "lastRun", "status"]
      let isForm = ["at", "since", "until", "trace", "signal"]
      // A cause is one of those that sessions show.
      guard case .string? = found, sample.type != ReviveRequest.self || path != ["because"],
        !isWord.contains(path.last!), !isForm.contains(path.last!)
      else { continue }
      let field = path.joined(separator: ".")
      let isEvidence = ["stdout", "stderr", "message"].contains(field)
      // What a program may have printed is cut, and all else refused.
      let isCut = isEvidence || field == "detail"
      let isPayload = field == "payload"
      let longest = isEvidence || isPayload ? 64 << 10 : 1_024
      // Bytes are counted, not characters.
      let isPath = path.last == "path"
      let text =
        (isPath ? "//" : "") + String(repeating: "é", count: longest / 2 - (isPath ? 1 : 0))
      _ = try sample.type.init(json: sample.full.replacing(path, with: .string(text)))
      let long = refusal(sample.type, sample.full.replacing(path, with: .string(text + "x")))
      #expect(isCut ? long == nil : long?.code == .tooLarge && long?.field == field, "\(field)")
      let empty = refusal(sample.type, sample.full.replacing(path, with: ""))
      if isEvidence || isPayload {
        #expect(empty == nil)
      } else {
        #expect(empty?.code == .invalidParameter && empty?.field == field, "\(field)")
      }
    }
  }

  @Test("An unknown method is answered with those there are")
  func unknownMethod() {
    let error = #expect(throws: WakelogError.self) { try Requests.read("wakes", JSONObject()) }
    #expect(error?.code == .unknownMethod)
    #expect(error?.message.contains("subscribe") == true)
  }
}
