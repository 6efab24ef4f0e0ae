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

  /// A file could name entries of the table and no words of its own: what a CLI of the host's own
  /// prints of a lost session was taken for nothing in particular.
  @Test func `a host's own CLI teaches what its failures read like`() throws {
    let row = try Provider(
      text: #"""
        { "name": "mine", "resume": ["chat", "{id}"], "place": "program",
          "failures": [
            { "kind": "unknownSession", "patterns": ["chat @ has gone"], "exclude": ["music"] },
            { "kind": "misconfigured", "exitCodes": [64] },
            { "kind": "rateLimited", "codes": ["E_SLOW"] } ] }
        """#)
    func kind(_ traces: Traces) -> String? { row.taughtKind(traces)?.name }
    #expect(kind(Traces(exitCode: 1, stderr: "Error: Chat 12 has gone")) == "unknownSession")
    #expect(kind(Traces(exitCode: 1, stderr: "music of chat 12 has gone")) == nil)
    #expect(kind(Traces(exitCode: 64)) == "misconfigured")
    #expect(kind(Traces(exitCode: 1, errorCode: "E_SLOW")) == "rateLimited")
    #expect(kind(Traces(exitCode: 1, stderr: "529 Overloaded")) == nil)
    #expect(kind(Traces(exitCode: 0, stdout: "The chat 12 has gone quiet.", turns: 2)) == nil)
    // Where no turn was taken, what was taught counts anywhere in a short output.
    let started = "The program could not start, as chat 12 has gone"
    #expect(kind(Traces(exitCode: 5, stdout: started, resuming: true)) == "unknownSession")
    #expect(
      try row.command(["mine", "run", "hi"], resuming: "7", beginning: nil).words
        == ["mine", "chat", "7", "run", "hi"])
  }

  @Test(arguments: [
    ("Überlastet", "Überlastet"), ("can’t go on", "Error: can't go on"),
    ("too  many\tcooks", "Too many cooks"), ("Chat * gone", "chat 7 is gone"),
  ])
  func `a phrase may be copied from what a CLI prints`(_ pattern: String, _ printed: String) throws
  {
    let document: JSONValue = [
      "name": "mine", "resume": ["{id}"],
      "failures": [["kind": "overloaded", "patterns": [.string(pattern)]]],
    ]
    let row = try Provider(text: document.text)
    #expect(row.taughtKind(Traces(exitCode: 1, stderr: printed)) == .overloaded)
    #expect(row.taughtKind(Traces(exitCode: 1, stderr: "something else")) == nil)
  }

  @Test func `members are found at any depth, and by names with dots`() throws {
    let row = try Provider(
      text: #"""
        { "name": "mine", "resume": ["-r", "{id}"], "place": "end",
          "output": [
            { "sessionId": "**.session\\.id", "inputTokens": ["u.in", "u.cached"],
              "cachedTokens": "u.cached", "outputTokens": "**.out", "total": true } ] }
        """#)
    var reader = OutputReader(row)
    reader.take(
      Array(
        #"{"a":[{"b":{"session.id":"s9"}}],"u":{"in":5,"cached":7},"z":{"out":3}}"#.utf8)[...])
    reader.end()
    #expect(reader.reading.sessionId == "s9")
    #expect(reader.reading.inputTokens == 12)
    #expect(reader.reading.cachedTokens == 7)
    #expect(reader.reading.total == [.inputTokens, .cachedTokens, .outputTokens])
    #expect(
      try row.command(["mine", "go", "--", "x"], resuming: "s9", beginning: nil).words
        == ["mine", "go", "-r", "s9", "--", "x"])
    #expect(try Provider(json: try #require(row.json.object)) == row)
  }

  @Test(arguments: [
    ("[]", "document", "object"),
    ("{", "document", "JSON"),
    (#"{"resume":["{id}"]}"#, "name", "missing"),
    (#"{"name":"x"}"#, "resume", "missing"),
    (#"{"name":"x","resume":["-r"]}"#, "resume", "{id}"),
    (#"{"name":"x","resume":"-r {id}"}"#, "resume", "array of words"),
    (#"{"name":"x","resume":["{id}"],"begin":["-n"]}"#, "begin", "{id}"),
    (#"{"name":"x","resume":["{id}"],"place":"middle"}"#, "place", "\"front\" or \"prompt\""),
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
    (#"{"name":"x","resume":["{id}"],"literals":["session.none"]}"#, "literals[0]", "failures"),
    (
      #"""
      {"name":"x","resume":["{id}"],"literals":[{"entry":"session.unknown.goose","patterns":["a"]}]}
      """#, "literals[0]", "differs"
    ),
    (
      #"{"name":"x","resume":["{id}"],"failures":[{"patterns":["a"]}]}"#, "failures[0].kind",
      "one of"
    ),
    (
      #"{"name":"x","resume":["{id}"],"failures":[{"kind":"missingTranscript","patterns":["a"]}]}"#,
      "failures[0].kind", "one of"
    ),
    (#"{"name":"x","resume":["{id}"],"failures":[{"kind":"billing"}]}"#, "failures[0]", "patterns"),
    (
      #"{"name":"x","resume":["{id}"],"failures":[{"kind":"billing","patterns":["@ is gone"]}]}"#,
      "failures[0].patterns[0]", "before any @"
    ),
    (
      #"{"name":"x","resume":["{id}"],"failures":[{"kind":"billing","patterns":["^"]}]}"#,
      "failures[0].patterns[0]", "three letters"
    ),
    (
      #"{"name":"x","resume":["{id}"],"failures":[{"kind":"billing","exitCodes":["3"]}]}"#,
      "failures[0].exitCodes", "list of numbers"
    ),
    (
      #"{"name":"x","resume":["{id}"],"output":[{"total":["tokens"]}]}"#, "output[0].total",
      "inputTokens"
    ),
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
