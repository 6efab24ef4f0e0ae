import Testing
import WakelogProviders

/// Which words a call gets, and where.
struct CommandTests {
  private func call(
    _ provider: String, _ words: String, resuming: String? = nil, beginning: String? = nil
  ) throws -> String {
    try #require(Provider.named(provider))
      .command(
        words.split(separator: " ").map(String.init), resuming: resuming, beginning: beginning
      )
      .words.joined(separator: " ")
  }

  @Test(arguments: [
    ("claude", "claude -p hi", "claude --resume ID -p hi"),
    ("claude_local", "/usr/bin/claude", "/usr/bin/claude --resume ID"),
    ("codex", "codex exec --json hi", "codex exec --json resume ID hi"),
    // `--sandbox` is an option of `exec` that `exec resume` refuses.
    ("codex", "codex exec -s read-only --json hi", "codex exec -s read-only --json resume ID hi"),
    ("codex", "codex exec hi --json", "codex exec resume ID hi --json"),
    ("codex", "codex -m o exec -- hi", "codex -m o exec resume ID -- hi"),
    ("codex", "codex exec -", "codex exec resume ID -"),
    ("codex", "codex", "codex resume ID"),
    ("codex", "codex hi", "codex resume ID hi"),
    ("gemini", "gemini -p hi -o json", "gemini --resume ID -p hi -o json"),
    ("opencode", "opencode run hi", "opencode run -s ID hi"),
    ("opencode", "opencode --log-level INFO run hi", "opencode --log-level INFO run -s ID hi"),
    ("opencode", "opencode", "opencode -s ID"),
    ("claude", "npx claude {session} -p hi", "npx claude --resume ID -p hi"),
    ("copilot", "copilot -p hi", "copilot --resume=ID -p hi"),
    ("cursor", "cursor-agent -p hi", "cursor-agent --resume ID -p hi"),
    ("qwen", "qwen -p hi", "qwen --resume ID -p hi"),
    ("goose", "goose run -t hi", "goose run --resume --name ID -t hi"),
    ("kimi", "kimi --print -p hi", "kimi --session ID --print -p hi"),
    ("crush", "crush run hi", "crush run --session ID hi"),
    ("amp", "amp -x hi --stream-json", "amp threads continue ID -x hi --stream-json"),
    ("droid", "droid exec -o json hi", "droid exec --session-id ID -o json hi"),
    ("grok", "grok -p hi", "grok --resume ID -p hi"),
  ])
  func `a session is resumed by the words of its CLI, where the CLI takes them`(
    _ provider: String, _ words: String, _ expected: String
  ) throws {
    #expect(try call(provider, words, resuming: "ID") == expected)
  }

  /// `timeout 60 claude …` got the words right behind `timeout`, which refused them.
  @Test(arguments: [
    ("claude", "timeout 60 claude -p hi", "timeout 60 claude --resume ID -p hi"),
    ("claude", "nice -n 10 claude -p claude", "nice -n 10 claude --resume ID -p claude"),
    ("claude", "sudo -n -u claude claude -p hi", "sudo -n -u claude claude --resume ID -p hi"),
    ("claude", "env -u CLAUDECODE A=b claude", "env -u CLAUDECODE A=b claude --resume ID"),
    ("claude", "stdbuf -oL /opt/bin/claude -p hi", "stdbuf -oL /opt/bin/claude --resume ID -p hi"),
    (
      "claude", "npx -y @anthropic-ai/claude-code@latest -p hi",
      "npx -y @anthropic-ai/claude-code@latest --resume ID -p hi"
    ),
    ("codex", "npx -p @openai/codex codex exec hi", "npx -p @openai/codex codex exec resume ID hi"),
    ("kimi", "uvx --from kimi-cli kimi --print", "uvx --from kimi-cli kimi --session ID --print"),
    (
      "claude", "docker exec -it claude claude -p hi",
      "docker exec -it claude claude --resume ID -p hi"
    ),
    (
      "claude", "docker run --name claude image claude -p hi",
      "docker run --name claude image claude --resume ID -p hi"
    ),
    ("amp", "timeout -k 5 60 amp -x hi", "timeout -k 5 60 amp threads continue ID -x hi"),
    ("codex", "timeout 60 codex -m o exec -- hi", "timeout 60 codex -m o exec resume ID -- hi"),
    ("claude", "./job -p hi", "./job --resume ID -p hi"),
    // The shell's own `-c` chooses no session.
    ("claude", "bash -c $TEXT x {session}", "bash -c $TEXT x --resume ID"),
    ("claude", "bash ./job.sh {resume} -p hi", "bash ./job.sh --resume ID -p hi"),
    ("claude", "bash ./job.sh {session} {resume}", "bash ./job.sh --resume ID"),
  ])
  func `a CLI is found behind the programs that start it`(
    _ provider: String, _ words: String, _ expected: String
  ) throws {
    #expect(try call(provider, words, resuming: "ID") == expected)
  }

  @Test(arguments: [
    ("claude", "bash ./job.sh -p hi"), ("claude", "npx some-other-package -p hi"),
    ("claude", "bash -c claude"), ("codex", "docker exec box agent"), ("gemini", "env A=b"),
  ])
  func `a program that starts another one is refused where the CLI is not found`(
    _ provider: String, _ words: String
  ) throws {
    let error = try #require(throws: ProviderError.self) { try call(provider, words) }
    #expect(error.field == "command")
    #expect(error.message.contains("{session}"))
  }

  @Test func `what begins a session goes where {session} stands, never where {resume} does`() throws
  {
    let claude = try #require(Provider.named("claude"))
    func fresh(_ words: String) throws -> ProviderCommand {
      try claude.command(
        words.split(separator: " ").map(String.init), resuming: nil, beginning: "ID")
    }
    #expect(try fresh("bash job {resume}") == ProviderCommand(words: ["bash", "job"]))
    #expect(
      try fresh("bash job {session} {resume}")
        == ProviderCommand(words: ["bash", "job", "--session-id", "ID"], sessionId: "ID"))
    #expect(
      claude.printsId(["bash", "-c", "claude --output-format json \"$@\"", "x", "{session}"]))
    #expect(!claude.printsId(["timeout", "60", "claude", "-p", "why --output-format json?"]))
  }

  @Test func `a fresh session begins under our id only where the CLI does not print its own`()
    throws
  {
    let claude = try #require(Provider.named("claude"))
    let text = try claude.command(["claude", "-p", "hi"], resuming: nil, beginning: "ID")
    #expect(text.words == ["claude", "--session-id", "ID", "-p", "hi"])
    #expect(text.sessionId == "ID")
    let json = ["claude", "-p", "hi", "--output-format", "json"]
    let printing = try claude.command(json, resuming: nil, beginning: "ID")
    #expect(printing.words == json)
    #expect(printing.sessionId == nil)
    let resumed = try claude.command(["claude"], resuming: "OLD", beginning: "ID")
    #expect(resumed.words == ["claude", "--resume", "OLD"])
    #expect(resumed.sessionId == nil)
    #expect(try call("codex", "codex exec hi", beginning: "ID") == "codex exec hi")
    #expect(try call("claude", "env A=1 claude {session}") == "env A=1 claude")
  }

  @Test(arguments: [
    ("claude", "claude -c"), ("claude", "claude -p hi --resume=x"), ("claude", "claude -r x"),
    ("codex", "codex exec resume x"), ("codex", "codex fork x"),
    ("codex", "codex exec --json --last"),
    ("gemini", "gemini --resume latest"), ("opencode", "opencode run --continue hi"),
    ("opencode", "opencode run -s ses_1 hi"),
    ("copilot", "copilot --continue -p hi"), ("goose", "goose run --name x -t hi"),
    ("claude", "timeout 60 claude -c"), ("claude", "bash ./job.sh {session} --continue"),
    ("amp", "amp threads continue T-1"), ("droid", "droid exec -s x hi"), ("grok", "grok -c -p hi"),
  ])
  func `a call that chooses a session itself is refused`(_ provider: String, _ words: String) throws
  {
    let error = try #require(throws: ProviderError.self) { try call(provider, words) }
    #expect(error.field == "command")
    #expect(error.message.contains("leave it out"))
  }

  @Test(arguments: [
    ("claude", "claude -p -- --resume"), ("codex", "codex exec -c a=b hi"),
    ("codex", "codex exec -m resume hi"), ("codex", "codex exec tell fork"),
  ])
  func `words that only look like choosing are left alone`(
    _ provider: String, _ words: String
  ) throws {
    #expect(try call(provider, words) == words)
  }

  /// An id is what some program printed once; with a dash in front it would be an option.
  @Test(arguments: ["", "--dangerously-skip-permissions", "a\u{0}b", "a\nb"])
  func `an id that the program would not take for one is refused`(_ id: String) throws {
    let error = try #require(throws: ProviderError.self) {
      try call("claude", "claude", resuming: id)
    }
    #expect(error.field == "sessionId")
    #expect(throws: ProviderError.self) { try call("claude", "claude", beginning: id) }
  }

  @Test func `an agent that is resumed by a message is not resumed by words`() throws {
    let error = try #require(throws: ProviderError.self) {
      try call("acp", "gemini --acp", resuming: "ID")
    }
    #expect(error.message.contains("protocol"))
    #expect(try call("acp", "gemini --acp") == "gemini --acp")
  }

  @Test func `a call without a program is refused`() throws {
    #expect(throws: ProviderError.self) { try call("claude", "") }
  }

  @Test func `a call speaks with a person unless its words say otherwise`() throws {
    let claude = try #require(Provider.named("claude"))
    #expect(claude.isInteractive(["claude", "hi"]))
    #expect(!claude.isInteractive(["claude", "-p", "hi"]))
    let codex = try #require(Provider.named("codex"))
    #expect(!codex.isInteractive(["codex", "exec", "hi"]))
    #expect(codex.isInteractive(["codex"]))
  }
}
