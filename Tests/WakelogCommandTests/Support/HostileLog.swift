import Foundation
import Testing
import Wakelog

/// A log whose every name and text is made to trick a terminal.
struct HostileLog {
  /// What stands in the log; each is a session, and everything else about itself.
  static let texts = [
    "a\u{1B}]0;pwned\u{07}b", "\u{1B}[2J\u{1B}[1;1Hclean", "rtl\u{202E}exe.txt",
    "\u{2066}x\u{2069}", "c1\u{9B}31mred", "tab\tnl\ncr\rX", "zero\u{200B}width\u{FEFF}",
    "\u{2028}line\u{2029}para", "\u{61C} alm \u{200F} rlm", "\u{E0041}tag", "dark\u{FE0F}side",
    "family👨\u{200D}👩\u{200D}👧", "soft\u{AD}hyphen", "del\u{7F}", "private\u{E000}",
  ]

  let folder: String

  init(_ folder: String) throws {
    self.folder = folder
    let server = try Server(["--log", folder, "--host", "h\u{1B}[31m"])
    func call(_ method: String, _ params: [String: JSONValue]) throws -> JSONValue {
      let members = params.sorted { $0.key < $1.key }
      let object = JSONObject(members.map { .init(name: $0.key, value: $0.value) })
      let reply = try server.call(method, .object(object))
      return try #require(reply["result"], "\(method): \(reply.text)")
    }
    for text in Self.texts {
      let name = JSONValue.string(text)
      var wake: [String: JSONValue] = [
        "source": "message", "workspace": ["path": .string("/" + text), "kind": "project"],
      ]
      for field in ["session", "agent", "provider", "reason", "scope"] { wake[field] = name }
      let first = try call("wake", wake)
      var end: [String: JSONValue] = [
        "attempt": first["attempt"] ?? .null, "fence": first["fence"] ?? .null, "exitCode": 1,
        "turns": 0,
      ]
      for field in ["sessionId", "stderr", "stdout", "message", "errorCode", "displayId"] {
        end[field] = name
      }
      _ = try call("finish", end)
      let again = try call("wake", wake.merging(["resume": .string("dead" + text)]) { $1 })
      let gone = "No conversation found with session ID: dead" + text
      let fence = again["fence"] ?? .null
      let failed = try call(
        "finish",
        [
          "attempt": again["attempt"] ?? .null, "fence": fence, "exitCode": 1, "turns": 0,
          "stderr": .string(gone),
        ])
      if let next = failed["next"]?["attempt"] {
        _ = try call(
          "finish",
          [
            "attempt": next, "fence": fence, "exitCode": 0, "turns": 1,
            "sessionId": .string("ok" + text),
          ])
      }
      for method in ["pause", "unpause"] { _ = try call(method, ["agent": name, "by": name]) }
      _ = try call("reset", ["session": name, "because": name])
      _ = try call("wake", wake)
    }
    _ = try server.endInput()
  }
}

/// The characters of a text that a terminal does not just show, newlines and styles aside.
func hidden(in text: String) -> [String] {
  let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  return plain.unicodeScalars.filter { scalar in
    switch scalar.properties.generalCategory {
    case .control: scalar != "\n"
    case .format, .lineSeparator, .paragraphSeparator, .privateUse: true
    default: (0xFE00...0xFE0F).contains(scalar.value)
    }
  }.map { "U+" + String($0.value, radix: 16) }
}
