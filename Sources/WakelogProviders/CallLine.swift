/// Where in a call a provider's CLI stands: as its first word, or behind programs that start it,
/// `timeout 60 claude -p hi`.
struct CallLine {
  /// The index of the CLI's own program; nil where only `{session}` or `{resume}` says where its
  /// words go.
  let program: Int?
  /// The CLI's own arguments: the words behind its program.
  let arguments: ArraySlice<String>

  /// Finds the CLI. Throws where another program is started that is known to start others, and
  /// neither the CLI nor a place for its words is found behind it.
  init(_ words: [String], _ provider: Provider) throws(ProviderError) {
    guard let first = words.first, !first.isEmpty else {
      throw ProviderError("command", "there is no program; give its name and arguments")
    }
    let marked = words.firstIndex { CallShape.placeholders.contains($0) }
    if let found = Self.find(provider, in: words) {
      program = found
      arguments = words[(found + 1)...]
      return
    }
    if !Self.launchers.contains(Self.programName(first)) {
      program = 0
      arguments = words[1...]
    } else if let marked {
      program = nil
      arguments = words[marked...]
    } else {
      let names = provider.programs.joined(separator: ", ")
      throw ProviderError(
        "command",
        "\(first) starts another program, and the program of \(provider.name) (\(names)) is no "
          + "word of the call; write \(CallShape.placeholder) where the words of its session belong"
      )
    }
  }

  private static func find(_ provider: Provider, in words: [String]) -> Int? {
    func isProgram(_ word: String) -> Bool { provider.runs(word) }
    if isProgram(words[0]) { return 0 }
    var index = 1
    while index < words.count {
      if isProgram(words[index]), !valued.contains(words[index - 1]) {
        // `npx -p @openai/codex codex`, `docker exec claude claude`: the last of them in a row.
        while index + 1 < words.count, isProgram(words[index + 1]) { index += 1 }
        return index
      }
      index += 1
    }
    return nil
  }

  /// The name of a program without its folder.
  static func programName(_ word: String) -> String {
    String(word.split(separator: "/").last ?? Substring(word))
  }

  /// Options of programs that start others, whose value may be called like a CLI.
  private static let valued: Set<String> = [
    "--name", "--hostname", "--user", "-u", "--workdir", "-w", "--container", "-c", "--namespace",
    "--network", "--from", "--with", "--volume", "--env",
  ]

  /// Programs whose arguments are another program's call. A program that is not among them is taken
  /// for the CLI itself under another name.
  private static let launchers: Set<String> = [
    "ash", "bash", "bun", "bunx", "bwrap", "caffeinate", "chronic", "chroot", "chrt", "dash",
    "deno",
    "direnv", "distrobox", "docker", "doas", "dotenv", "dumb-init", "env", "fish", "firejail",
    "flock",
    "gosu", "ionice", "kubectl", "ksh", "lima", "mise", "nerdctl", "nice", "nix", "node", "nohup",
    "npm", "npx", "numactl", "op", "pipx", "pkexec", "pnpm", "pnpx", "podman", "poetry", "prlimit",
    "python", "python3", "runuser", "script", "setarch", "setpriv", "setsid", "sg", "sh", "ssh",
    "stdbuf", "strace", "su", "su-exec", "sudo", "systemd-run", "taskset", "time", "timeout",
    "tini",
    "toolbox", "tsx", "unbuffer", "unshare", "uv", "uvx", "wsl", "xargs", "xvfb-run", "yarn", "zsh",
  ]
}

extension Provider {
  /// The names of its program, and of the packages by which `npx` and `uvx` start it.
  public var programs: [String] {
    var names: [String] = []
    for name in [name] + aliases + call.programs where !names.contains(name) { names.append(name) }
    return names
  }

  /// Whether a word of a call is its program: by name, by path, or as a package of some version.
  func runs(_ word: String) -> Bool {
    var word = word
    if let version = word.dropFirst().lastIndex(of: "@") { word = String(word[..<version]) }
    if programs.contains(word) { return true }
    var name = CallLine.programName(word)
    for suffix in [".exe", ".cmd", ".js", ".mjs", ".cjs"] where name.hasSuffix(suffix) {
      name.removeLast(suffix.count)
    }
    // A scope without its package is no program.
    return !word.hasPrefix("@") && programs.contains(name)
  }
}
