import Testing
import WakelogProviders

/// What an agent says and does, found in what its CLI prints.
struct PieceTests {
  private func pieces(_ provider: String, _ lines: String...) throws -> [OutputPiece] {
    var reader = OutputReader(try #require(Provider.named(provider)))
    // Cut anywhere.
    var found: [OutputPiece] = []
    let bytes = Array(lines.joined(separator: "\n").utf8)
    for start in stride(from: 0, to: bytes.count, by: 7) {
      found += reader.pieces(bytes[start..<min(start + 7, bytes.count)])
    }
    return found + reader.lastPieces()
  }

  private func texts(_ pieces: [OutputPiece]) -> [String] { pieces.compactMap(\.text) }

  // Claude Code 2.1.332.
  @Test func `Claude's texts and tools, and the result only where nothing came before`() throws {
    let message = """
      {"type":"assistant","message":{"model":"claude-opus-5-5","content":[{"type":"thinking",\
      "thinking":"hm"},{"type":"text","text":"I look."},{"type":"tool_use","id":"t","name":"Bash",\
      "input":{"command":"ls"}}]}}
      """
    let result =
      #"{"type":"result","is_error":false,"num_turns":1,"result":"I look.","session_id":"s"}"#
    let found = try pieces("claude", message, result)
    #expect(texts(found) == ["I look."])
    #expect(found.contains(.tool(name: "Bash", input: ["command": "ls"])))
    #expect(texts(try pieces("claude", result)) == ["I look."])
  }

  @Test func `parts of a text are not said twice`() throws {
    let part =
      #"{"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"text_delta","text":"#
    let whole =
      #"{"type":"assistant","message":{"model":"m","content":[{"type":"text","text":"I look."}]}}"#
    let found = try pieces("claude", part + #""I "}}}"#, part + #""look."}}}"#, whole, whole)
    #expect(texts(found) == ["I ", "look.", "I look."])
  }

  @Test func `an API's error in the place of a model says nothing`() throws {
    let found = try pieces(
      "claude",
      #"{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text","text":"API Error"}]}}"#,
      #"{"type":"result","is_error":true,"num_turns":1,"result":"API Error: 401"}"#)
    #expect(texts(found).isEmpty)
  }

  // codex 0.163.
  @Test func `Codex's messages and commands`() throws {
    let found = try pieces(
      "codex", #"{"type":"item.completed","item":{"id":"0","type":"error","message":"fallback"}}"#,
      #"{"type":"item.started","item":{"id":"1","type":"command_execution","command":"ls"}}"#,
      #"{"type":"item.completed","item":{"id":"2","type":"agent_message","text":"done"}}"#,
      #"{"type":"turn.completed","usage":{"input_tokens":12,"cached_input_tokens":10,"output_tokens":5}}"#
    )
    #expect(texts(found) == ["done"])
    guard case .tool("command_execution", let input) = found[1] else {
      Issue.record("no tool: \(found)")
      return
    }
    #expect(input["command"] == "ls")
    guard case .usage(let usage) = found.last else {
      Issue.record("no usage: \(found)")
      return
    }
    #expect(usage["inputTokens"] == 12)
  }

  // GitHub Copilot CLI 1.0.36.
  @Test func `Copilot's messages`() throws {
    let found = try pieces(
      "copilot", #"{"type":"user.message","data":{"content":"hi"}}"#,
      #"{"type":"assistant.message","data":{"content":"ok","outputTokens":3}}"#)
    #expect(texts(found) == ["ok"])
  }
}
