internal import CWakelogSystem
internal import Glibc
internal import Wakelog
internal import WakelogModel
package import WakelogProviders

/// The versions of CLIs, each asked of its program once and remembered beside the log for a day, as
/// long as the program's file stays the same.
package struct ProgramVersions {
  private let folder: String
  private let path: String

  /// The versions that are remembered beside a log.
  package init(log: String) {
    folder = log + "/runs"
    path = folder + "/versions.json"
  }

  /// How long a program has to say its version.
  private static let patience = 10.0
  private static let lifetime: Int64 = 86_400

  /// The row of a provider as it is for the CLI of a call, which is asked for its version where that
  /// makes a difference to the call. Where it does not say, the newest is assumed.
  package func row(
    _ provider: Provider, for words: [String], resuming: String?, environment: [String]?,
    search: String?
  ) -> Provider {
    guard let question = provider.versionQuestion(words, resuming: resuming),
      let program = ChildProcess.find(question[0], path: search)
    else { return provider }
    let name = question.joined(separator: "\u{1F}") + "\u{1F}" + Self.mark(of: program)
    let now = Int64(time(nil))
    if let kept = remembered(name, at: now) { return provider.at(kept) }
    guard let printed = Self.ask(program, question, environment),
      let version = ProgramVersion(printed: printed)
    else { return provider }
    remember(version, name, at: now)
    return provider.at(version)
  }

  /// What changes when a program is replaced: where it lies, its size, and when it was written.
  private static func mark(of program: String) -> String {
    var status = stat()
    guard unsafe stat(program, &status) == 0 else { return program }
    return "\(program) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  private static func ask(
    _ program: String, _ words: [String], _ environment: [String]?
  ) -> String? {
    var call = ChildProcess.Program(path: program, words: words)
    call.environment = environment
    let nothing = Descriptor.nothing()
    defer { if nothing >= 0 { close(nothing) } }
    call.input = nothing
    guard let child = try? ChildProcess(call) else { return nil }
    var output = AttemptOutput(child: child, reader: nil)
    var text: [UInt8] = []
    let end = monotonicSeconds() + patience
    var isOver = false
    while !isOver, monotonicSeconds() < end, text.count < 4_096 {
      switch output.read(milliseconds: 100) {
      case .output(let bytes), .errors(let bytes): text += bytes
      case .nothing: break
      case .end: isOver = true
      }
    }
    if !isOver { kill(child.target, SIGKILL) }
    _ = child.wait {}
    return String(decoding: text, as: UTF8.self)
  }

  private func file() -> JSONObject {
    let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return JSONObject() }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256 << 10)
    let count = Descriptor.read(descriptor, into: &bytes)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return (try? JSONParser.parse(text))?.object ?? JSONObject()
  }

  private func remembered(_ name: String, at now: Int64) -> ProgramVersion? {
    guard let kept = file()[name], let at = kept["at"]?.integer,
      (0...Self.lifetime).contains(now - at)
    else { return nil }
    return kept["version"]?.string.flatMap { ProgramVersion($0) }
  }

  /// Written beside and renamed: whoever reads meanwhile reads a whole file. That it cannot be written
  /// costs a question, and no more.
  private func remember(_ version: ProgramVersion, _ name: String, at now: Int64) {
    var kept = JSONObject()
    for member in file().members where (member.value["at"]?.integer ?? 0) > now - Self.lifetime {
      kept[member.name] = member.value
    }
    kept[name] = ["version": .string(version.description), "at": .integer(now)]
    unsafe mkdir(folder, 0o700)
    let draft = "\(path).\(getpid())"
    let descriptor = unsafe open(
      draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    let failure = Descriptor.writeAll(Array(JSONValue.object(kept).text.utf8)[...], to: descriptor)
    close(descriptor)
    let isKept = unsafe failure == nil && rename(draft, path) == 0
    if !isKept { unsafe unlink(draft) }
  }
}
