import Testing
import WakelogProviders

/// What is read out of recorded output; ids and texts are shortened.
struct OutputTests {
  private func read(_ provider: String, _ text: String, piece: Int = 1 << 20) throws
    -> AttemptReading
  {
    var reader = OutputReader(try #require(Provider.named(provider)))
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      reader.take(bytes[start..<min(start + piece, bytes.count)])
    }
    reader.end()
    return reader.reading
  }

  /// A recorded output, and what `json` of its reading is.
  struct Recorded: Sendable, CustomTestStringConvertible {
    var name: String
    var provider: String
    var text: String
    var expected: JSONValue
    var testDescription: String { name }

    static func reading(
      _ id: String?, entered: Bool, turns: Int64?, _ usage: [UsageCount: Int64] = [:],
      total: [UsageCount] = []
    ) -> JSONValue {
      func number(_ value: Int64?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
      return [
        "sessionId": id.map(JSONValue.string) ?? .null, "entered": .bool(entered),
        "turns": number(turns),
        "usage": usage.isEmpty
          ? .null
          : [
            "inputTokens": number(usage[.inputTokens]),
            "cachedTokens": number(usage[.cachedTokens]),
            "outputTokens": number(usage[.outputTokens]),
            "costMicros": number(usage[.costMicros]),
            "total": total.isEmpty ? .null : .array(total.map { .string($0.rawValue) }),
          ],
      ]
    }
  }

  static let recorded: [Recorded] = [
    // Claude Code 2.1.329.
    Recorded(
      name: "claude, stream-json", provider: "claude",
      text: #"""
        {"type":"system","subtype":"init","cwd":"/srv","session_id":"c1","tools":[]}
        {"type":"assistant","message":{"model":"m","content":[{"type":"text","text":"hi"}]}}
        {"type":"result","subtype":"success","is_error":false,"num_turns":3,"session_id":"c1",\#
        "total_cost_usd":0.123456,"usage":{"input_tokens":10,"output_tokens":5}}
        """#,
      expected: Recorded.reading(
        "c1", entered: true, turns: 3,
        [.inputTokens: 10, .outputTokens: 5, .costMicros: 123_456], total: [.costMicros])),
    // Claude Code 2.1.332: 25 tokens of 4,325, the rest from the cache or put there.
    Recorded(
      name: "claude, with a cache", provider: "claude",
      text: #"""
        {"type":"result","subtype":"success","is_error":false,"num_turns":1,"session_id":"c1",\#
        "total_cost_usd":0.00258,"usage":{"input_tokens":25,"cache_read_input_tokens":4000,\#
        "cache_creation_input_tokens":300,"output_tokens":18}}
        """#,
      expected: Recorded.reading(
        "c1", entered: true, turns: 1,
        [.inputTokens: 4_325, .cachedTokens: 4_000, .outputTokens: 18, .costMicros: 2_580],
        total: [.costMicros])),
    Recorded(
      name: "claude, json with --verbose: an array", provider: "claude",
      text: #"""
        [{"type":"system","subtype":"init","session_id":"c1"},\#
        {"type":"result","is_error":false,"num_turns":1,"session_id":"c1","usage":{}}]
        """#, expected: Recorded.reading("c1", entered: true, turns: 1)),
    // Without a login: a success that is an error, one turn that no model took.
    Recorded(
      name: "claude, no login", provider: "claude",
      text: #"""
        {"type":"result","subtype":"success","is_error":true,"num_turns":1,"session_id":"ghost",\#
        "result":"Not logged in","usage":{"input_tokens":0,"output_tokens":0},"total_cost_usd":0}
        """#,
      expected: Recorded.reading(
        nil, entered: false, turns: 0, [.inputTokens: 0, .outputTokens: 0, .costMicros: 0],
        total: [.costMicros])),
    // optio#602: the id of a failing resume is a new one that cannot be resumed.
    Recorded(
      name: "claude, unknown session", provider: "claude",
      text: #"""
        {"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":0,\#
        "session_id":"ghost","errors":["No conversation found with session ID: dead"]}
        """#, expected: Recorded.reading(nil, entered: false, turns: 0)),
    // openai/codex codex-rs/exec/src/exec_events.rs; totals of the thread, not of the turn.
    Recorded(
      name: "codex, two turns", provider: "codex",
      text: #"""
        {"type":"thread.started","thread_id":"0199a213-81c0-7800-8aa1-bbab2a035a53"}
        {"type":"turn.started"}
        {"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"ok"}}
        {"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":80,\#
        "output_tokens":7}}
        {"type":"turn.completed","usage":{"input_tokens":300,"cached_input_tokens":80,\#
        "output_tokens":9}}
        """#,
      expected: Recorded.reading(
        "0199a213-81c0-7800-8aa1-bbab2a035a53", entered: true, turns: 2,
        [.inputTokens: 300, .cachedTokens: 80, .outputTokens: 9],
        total: [.inputTokens, .cachedTokens, .outputTokens])),
    Recorded(
      name: "codex, failed before any answer", provider: "codex",
      text: #"""
        {"type":"thread.started","thread_id":"t1"}
        {"type":"turn.started"}
        {"type":"item.completed","item":{"id":"item_0","type":"error","message":"model rerouted"}}
        {"type":"error","message":"unexpected status 401 Unauthorized"}
        {"type":"turn.failed","error":{"message":"unexpected status 401 Unauthorized"}}
        """#, expected: Recorded.reading("t1", entered: false, turns: nil)),
    Recorded(
      name: "codex, failed after a command", provider: "codex",
      text: #"""
        {"type":"thread.started","thread_id":"t1"}
        {"type":"item.started","item":{"id":"item_0","type":"command_execution","command":"ls",\#
        "aggregated_output":"","exit_code":null,"status":"in_progress"}}
        {"type":"turn.failed","error":{"message":"stream disconnected"}}
        """#, expected: Recorded.reading("t1", entered: true, turns: 1)),
    // google-gemini/gemini-cli packages/core/src/output/types.ts.
    Recorded(
      name: "gemini, stream-json", provider: "gemini",
      text: #"""
        Loaded cached credentials.
        {"type":"init","timestamp":"2026-01-02T03:04:05.000Z","session_id":"g1","model":"auto"}
        {"type":"message","timestamp":"t","role":"user","content":"hi"}
        {"type":"message","timestamp":"t","role":"assistant","content":"hello","delta":true}
        {"type":"result","timestamp":"t","status":"success","stats":{"total_tokens":60,\#
        "input_tokens":40,"output_tokens":20,"cached":0,"input":40,"duration_ms":9,"tool_calls":0}}
        """#,
      expected: Recorded.reading(
        "g1", entered: true, turns: 1, [.inputTokens: 40, .cachedTokens: 0, .outputTokens: 20])),
    Recorded(
      name: "gemini, json over many lines, two models", provider: "gemini",
      text: #"""
        Loaded cached credentials.
        {
          "session_id": "g1",
          "response": "a\n}\nb",
          "stats": {
            "models": {
              "flash": { "api": { "totalRequests": 1 }, "tokens": { "prompt": 9, "candidates": 2 } },
              "pro": { "tokens": { "prompt": 31, "candidates": 8 } }
            },
            "tools": { "totalCalls": 0 }
          }
        }
        """#,
      expected: Recorded.reading(
        "g1", entered: true, turns: 1, [.inputTokens: 40, .outputTokens: 10])),
    Recorded(
      name: "gemini, json of an error", provider: "gemini",
      text: #"""
        {
          "session_id": "g1",
          "error": {
            "type": "FatalAuthenticationError",
            "message": "no key",
            "code": 41
          }
        }
        """#, expected: Recorded.reading("g1", entered: false, turns: nil)),
    // anomalyco/opencode packages/opencode/src/cli/cmd/run.ts and #2810.
    Recorded(
      name: "opencode, two steps", provider: "opencode",
      text: #"""
        {"type":"step_start","timestamp":1,"sessionID":"ses_1","part":{"type":"step-start"}}
        {"type":"step_finish","timestamp":2,"sessionID":"ses_1","part":{"type":"step-finish",\#
        "tokens":{"input":11087,"output":145,"reasoning":0,"cache":{"write":0,"read":0}},\#
        "cost":0.0070147}}
        {"type":"text","timestamp":3,"sessionID":"ses_1","part":{"type":"text","text":"done"}}
        {"type":"step_finish","timestamp":4,"sessionID":"ses_1","part":{"type":"step-finish",\#
        "tokens":{"input":13,"output":5,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0.001}}
        """#,
      expected: Recorded.reading(
        "ses_1", entered: true, turns: 2,
        [.inputTokens: 11_100, .cachedTokens: 0, .outputTokens: 150, .costMicros: 8_015])),
    Recorded(
      name: "opencode, an error", provider: "opencode",
      text: #"""
        {"type":"error","timestamp":1,"sessionID":"ses_1","error":{"name":"ProviderAuthError"}}
        """#, expected: Recorded.reading(nil, entered: false, turns: nil)),
    // GitHub Copilot CLI 1.0.36 with a provider of its own.
    Recorded(
      name: "copilot, json", provider: "github-copilot",
      text: #"""
        {"type":"assistant.turn_start","data":{"turnId":"0"}}
        {"type":"assistant.message","data":{"messageId":"m","content":"ok","outputTokens":9}}
        {"type":"result","timestamp":"t","sessionId":"p1","exitCode":0,\#
        "usage":{"premiumRequests":0}}
        """#, expected: Recorded.reading("p1", entered: true, turns: 1, [.outputTokens: 9])),
    Recorded(
      name: "copilot, refused before any answer", provider: "copilot",
      text: #"""
        {"type":"session.error","data":{"errorType":"authentication","statusCode":401}}
        {"type":"result","sessionId":"p1","exitCode":1,"usage":{"premiumRequests":0}}
        """#, expected: Recorded.reading("p1", entered: false, turns: nil)),
    // cursor.com/docs/cli/reference/output-format.
    Recorded(
      name: "cursor, stream-json", provider: "cursor-agent",
      text: #"""
        {"type":"system","subtype":"init","session_id":"u1","model":"m"}
        {"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"a"}]}}
        {"type":"result","subtype":"success","is_error":false,"result":"a","session_id":"u1"}
        """#, expected: Recorded.reading("u1", entered: true, turns: 1)),
    // Factory's droid, `exec -o stream-json`.
    Recorded(
      name: "droid, stream-json", provider: "droid",
      text: #"""
        {"type":"system","subtype":"init","session_id":"d1","model":"m"}
        {"type":"message","role":"assistant","id":"a","text":"Done.","session_id":"d1"}
        {"type":"completion","finalText":"Done.","numTurns":2,"session_id":"d1","usage":\#
        {"input_tokens":100,"output_tokens":20,"cache_read_input_tokens":50,\#
        "cache_creation_input_tokens":10}}
        """#,
      expected: Recorded.reading(
        "d1", entered: true, turns: 2,
        [.inputTokens: 160, .cachedTokens: 50, .outputTokens: 20])),
    // moonshotai.github.io/kimi-code/en/guides/print.
    Recorded(
      name: "kimi, stream-json", provider: "kimi",
      text: #"""
        {"role":"assistant","content":"","tool_calls":[{"type":"function","id":"c"}]}
        {"role":"tool","tool_call_id":"c","content":"..."}
        {"role":"assistant","content":"ok"}
        {"role":"meta","type":"session.resume_hint","session_id":"k1","command":"kimi -r k1"}
        """#, expected: Recorded.reading("k1", entered: true, turns: 2)),
    Recorded(
      name: "grok, json", provider: "grok",
      text: #"{"text":"ok","stopReason":"EndTurn","sessionId":"r1","requestId":"q","thought":"t"}"#,
      expected: Recorded.reading("r1", entered: true, turns: 1)),
    Recorded(
      name: "amp, stream-json", provider: "amp",
      text: #"""
        {"type":"system","subtype":"init","session_id":"T-1","tools":[]}
        {"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"a"}]}}
        {"type":"result","subtype":"success","is_error":false,"num_turns":1,"session_id":"T-1"}
        """#, expected: Recorded.reading("T-1", entered: true, turns: 1)),
    Recorded(
      name: "an agent of the protocol", provider: "acp",
      text: #"""
        {"jsonrpc":"2.0","id":1,"result":{"sessionId":"a1"}}
        {"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"a1","update":\#
        {"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"hi"}}}}
        """#, expected: Recorded.reading("a1", entered: true, turns: 1)),
  ]

  @Test(arguments: recorded)
  func `recorded output is read, however it is cut`(_ recorded: Recorded) throws {
    #expect(try read(recorded.provider, recorded.text).json == recorded.expected)
    #expect(try read(recorded.provider, recorded.text, piece: 1).json == recorded.expected)
    let windows = recorded.text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(try read(recorded.provider, windows, piece: 7).json == recorded.expected)
  }

  /// What `runs` and rotation count means the same for every CLI: read from a cache or not, of this
  /// attempt or of the whole session.
  @Test func `what a cache gave and what counts the session is told apart`() throws {
    let claude = try read(
      "claude",
      #"""
      {"type":"result","is_error":false,"num_turns":1,"session_id":"c1","total_cost_usd":0.00258,\#
      "usage":{"input_tokens":25,"cache_read_input_tokens":4000,\#
      "cache_creation_input_tokens":300,"output_tokens":18}}
      """#)
    #expect(claude.inputTokens == 4_325)
    #expect(claude.cachedTokens == 4_000)
    #expect(claude.total == [.costMicros])
    let codex = try read(
      "codex",
      #"""
      {"type":"turn.completed","usage":{"input_tokens":1234,"cached_input_tokens":1000,\#
      "output_tokens":5}}
      """#)
    #expect(codex.inputTokens == 1_234)
    #expect(codex.cachedTokens == 1_000)
    #expect(codex.total == [.inputTokens, .cachedTokens, .outputTokens])
    let opencode = try read(
      "opencode",
      #"""
      {"type":"step_finish","sessionID":"ses_1","part":{"tokens":{"input":5,"output":1,"cache":\#
      {"read":70,"write":25}},"cost":0}}
      """#)
    #expect(opencode.inputTokens == 100)
    #expect(opencode.cachedTokens == 70)
    #expect(opencode.total.isEmpty)
  }

  @Test func `text around documents, and documents cut short, disturb nothing`() throws {
    let text = #"""
      {
      {"type":"thread.started","thread_id":"t1"}
      { not json
      ["type"]
      12
      {
        "type": "turn.completed"
      no end
      {"type":"item.completed","item":{"type":"reasoning"
      """#
    #expect(try read("codex", text).json == Recorded.reading("t1", entered: false, turns: nil))
  }

  @Test func `a document that is too long is passed over, and the next one is read`() throws {
    let long = #"{"type":"turn.completed","x":""# + String(repeating: "x", count: 5 << 20) + "\"}\n"
    let next = #"{"type":"thread.started","thread_id":"t1"}"#
    let reading = try read("codex", long + next, piece: 60_000)
    #expect(reading.json == Recorded.reading("t1", entered: false, turns: nil))
  }

  @Test func `numbers and ids beyond all measure are not taken`() throws {
    let long = String(repeating: "i", count: 1_025)
    let text = """
      {"type":"thread.started","thread_id":"\(long)"}
      {"type":"thread.started","thread_id":""}
      {"type":"turn.completed","usage":{"input_tokens":-4,"output_tokens":9223372036854775807}}
      {"type":"turn.completed","usage":{"input_tokens":1e300}}
      """
    #expect(try read("codex", text).json == Recorded.reading(nil, entered: true, turns: 2))
  }
}
