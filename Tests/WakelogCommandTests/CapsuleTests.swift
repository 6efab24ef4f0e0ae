import Foundation
import Testing
import Wakelog

/// `export --capsule` here, `verify FILE` on another machine.
@Suite struct CapsuleTests {
  let scratch: Scratch
  private var file: String { scratch.path + "/incident.capsule" }

  init() throws {
    scratch = try Scratch()
    let engine = try Engine.open(scratch.log)
    defer { engine.close() }
    for session in ["ann", "bob"] {
      let wake = try Self.call(
        engine, "wake",
        ["session": .string(session), "agent": "ada", "provider": "claude", "source": "message"])
      try Self.call(
        engine, "finish",
        [
          "attempt": wake["attempt"]!, "fence": wake["fence"]!, "exitCode": 0, "turns": 1,
          "sessionId": .string("secret-id-of-\(session)"), "stdout": "what was printed",
        ])
    }
  }

  @discardableResult
  private static func call(
    _ engine: Engine, _ method: String, _ params: JSONValue
  ) throws -> JSONValue {
    try engine.call(method, params.object ?? JSONObject())
  }

  private func export(_ options: String...) throws -> Tool.Outcome {
    try Tool.run(["export", "--capsule", file, "--log", scratch.log] + options)
  }

  @Test func `a capsule is made here and verified there, without the log`() throws {
    let made = try export("--session", "bob", "--json")
    #expect(made.status == 0, "\(made.errors)")
    try FileManager.default.removeItem(atPath: scratch.log)
    let digest = try #require(made.json["digest"]?.string)
    let found = try Tool.run(["verify", file, "--digest", digest, "--json"])
    #expect(found.status == 0 && found.json["ok"] == true && found.json["firstBad"] == .null)
    #expect(found.json["events"] == made.json["events"] && found.json["seal"] == made.json["seal"])
    let page = try Tool.run(["verify", file])
    #expect(page.status == 0 && page.output.hasPrefix("unaltered: "))
    #expect(page.output.contains(digest))
    let text = scratch.text("incident.capsule")
    #expect(!text.contains("secret-id") && !text.contains("what was printed"))
    #expect(text.contains("bob") && !text.contains("ann"))
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func `where it was altered is said, and the status is 1`() throws {
    #expect(try export("--full-ids", "--evidence").status == 0)
    let text = scratch.text("incident.capsule")
    #expect(text.contains("secret-id-of-ann") && text.contains("what was printed"))
    let altered = text.replacing("secret-id-of-ann", with: "secret-id-of-eve")
    try altered.write(toFile: file, atomically: false, encoding: .utf8)
    let found = try Tool.run(["verify", file])
    #expect(found.status == 1 && found.output.hasPrefix("altered at event"))
    #expect(found.output.contains("symbol"))
    let other = String(repeating: "0", count: 64)
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    #expect(try Tool.run(["verify", file]).status == 0)
    #expect(try Tool.run(["verify", file, "--digest", other]).status == 1)
    try "not a capsule\n".write(toFile: file, atomically: false, encoding: .utf8)
    #expect(try Tool.run(["verify", file, "--json"]).json["firstBad"]?["line"] == 1)
  }

  @Test func `calls that make no sense are refused, and leave no file`() throws {
    #expect(try export("--session", "nobody").status == 4)
    #expect(try export("--until", "1990-01-01T00:00:00Z").status == 4)
    #expect(!FileManager.default.fileExists(atPath: file))
    #expect(try Tool.run(["export", "--full-ids", "--log", scratch.log]).status == 2)
    #expect(try Tool.run(["verify", scratch.log]).status == 2)
    #expect(try Tool.run(["verify", scratch.path + "/none"]).status == 3)
    #expect(try Tool.run(["verify", "--digest", "00", "--log", scratch.log]).status == 2)
    #expect(try export().status == 0)
    #expect(try export().status == 4)
  }
}
