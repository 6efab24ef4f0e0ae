import Testing
import WakelogProviders

/// The documents of rows: those of the table, and those that a host writes.
struct DocumentTests {
  @Test(arguments: Provider.all.map(\.name))
  func `a row of the table is said whole by its document`(_ name: String) throws {
    let row = try #require(Provider.named(name))
    #expect(try Provider(json: try #require(row.json.object)) == row)
    #expect(try Provider(text: row.json.text) == row)
  }

  @Test(arguments: Provider.all.map(\.name))
  func `every fact of a row has a source, every literal stands in the table`(_ name: String) throws
  {
    let row = try #require(Provider.named(name))
    let about = row.sources.map(\.about).joined(separator: ", ")
    for fact in ["resume", "output", "transcripts", "literals"] {
      #expect(about.contains(fact), "\(row.name) has no source for \(fact)")
    }
    #expect(row.sources.allSatisfy { !$0.source.isEmpty })
    #expect(row.json["literals"]?.array?.count == row.literals.count)
    #expect(!row.literals.isEmpty)
  }

  @Test func `names and aliases belong to one row each`() {
    let names = Provider.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    #expect(Provider.named("codex_local")?.name == "codex")
    #expect(Provider.named("unheard-of") == nil)
  }

  @Test func `a host's own CLI resumes, begins and is read by its document`() throws {
    let row = try Provider(
      text: #"""
        { "name": "mine", "resume": ["--thread=<{id}>"], "begin": ["--new", "{id}"],
          "output": [
            { "when": { "kind": ["end", "stop"], "ok": true }, "unless": { "dry": true },
              "sessionId": "thread.id", "turns": "turns", "entered": "turns",
              "inputTokens": "steps.*.in", "costDollars": "cost" } ] }
        """#)
    #expect(
      try row.command(["mine", "go"], resuming: "a b", beginning: nil).words
        == ["mine", "--thread=<a b>", "go"])
    #expect(try row.command(["mine"], resuming: nil, beginning: "x").sessionId == "x")
    var reader = OutputReader(row)
    reader.take(
      Array(
        #"""
        {"kind":"end","ok":true,"dry":true,"thread":{"id":"not this"}}
        {"kind":"stop","ok":true,"thread":{"id":"t"},"turns":4,"steps":[{"in":1},{"in":2}],"cost":2}

        """#.utf8)[...])
    #expect(reader.reading.sessionId == "t")
    #expect(reader.reading.turns == 4)
    #expect(reader.reading.inputTokens == 3)
    #expect(reader.reading.costMicros == 2_000_000)
  }

  @Test(arguments: [
    ("[]", "document", "object"),
    ("{", "document", "JSON"),
    (#"{"resume":["{id}"]}"#, "name", "missing"),
    (#"{"name":"x"}"#, "resume", "missing"),
    (#"{"name":"x","resume":["-r"]}"#, "resume", "{id}"),
    (#"{"name":"x","resume":"-r {id}"}"#, "resume", "array of words"),
    (#"{"name":"x","resume":["{id}"],"begin":["-n"]}"#, "begin", "{id}"),
    (#"{"name":"x","resume":["{id}"],"place":"end"}"#, "place", "\"front\" or \"prompt\""),
    (#"{"name":"x","resume":["{id}"],"outputs":[]}"#, "outputs", "no such member"),
    (#"{"name":"x","resume":["{id}"],"output":[1]}"#, "output[0]", "object"),
    (#"{"name":"x","resume":["{id}"],"output":[{"sesionId":"a"}]}"#, "output[0].sesionId", "such"),
    (
      #"{"name":"x","resume":["{id}"],"output":[{"sessionId":"a..b"}]}"#, "output[0].sessionId",
      "dots"
    ),
    (#"{"name":"x","resume":["{id}"],"output":[{"when":{"a":{}}}]}"#, "output[0].when.a", "text"),
    (#"{"name":"x","resume":["{id}"],"output":[{"turns":0}]}"#, "output[0].turns", "1,000"),
    (#"{"name":"x","resume":["{id}"],"output":[{"sum":1}]}"#, "output[0].sum", "true or false"),
    (#"{"name":"x","resume":["{id}"],"literals":["session.none"]}"#, "literals[0]", "no entry"),
    (#"{"name":"x","resume":["{id}"],"transcripts":{"root":"a"}}"#, "transcripts", "needs"),
    (
      #"{"name":"x","resume":["{id}"],"transcripts":{"variable":"V","home":"h","root":"r","files":[{}]}}"#,
      "transcripts.files[0]", "depth"
    ),
  ])
  func `a wrong document is refused by the name of what is wrong`(
    _ text: String, _ field: String, _ says: String
  ) throws {
    let error = try #require(throws: ProviderError.self) { try Provider(text: text) }
    #expect(error.field == field)
    #expect(error.message.contains(says), "\(error)")
  }

  @Test func `a home is below the user's, or where its variable says`() throws {
    let gemini = try #require(Provider.named("gemini")?.transcripts)
    #expect(gemini.home(below: "/home/a", variable: nil) == "/home/a/.gemini")
    #expect(gemini.home(below: "/home/a", variable: "") == "/home/a/.gemini")
    #expect(gemini.home(below: "/home/a", variable: "/x") == "/x/.gemini")
    let claude = try #require(Provider.named("claude")?.transcripts)
    #expect(claude.home(below: "/home/a", variable: "/x") == "/x")
    #expect(claude.folder(of: "/srv/my.app_é😀1") == "-srv-my-app----1")
    #expect(gemini.folder(of: "/srv") == nil)
  }
}
