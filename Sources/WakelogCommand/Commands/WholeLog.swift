internal import Glibc
internal import Wakelog
internal import WakelogHost

/// A trimmed log put together again with its archive, in a temporary folder, for one command.
///
/// So every command that looks on sees the whole log without knowing of archives. It takes the
/// time and the room of a copy.
enum WholeLog {
  private static let name = "wakelog-whole-"

  /// Carries out a command, on the whole log if it was given an archive to look into.
  static func carryOut(_ invocation: Invocation) throws -> ExitStatus {
    let command = invocation.command
    let looksOn = command.options.contains { $0.name == "--archive" && $0.help == lookingHelp }
    guard looksOn, let archive = invocation.value("--archive") else {
      return try command.run(invocation)
    }
    let folder = try makeFolder()
    defer { remove(folder) }
    let whole = folder + "/log"
    var line = ProgressLine()
    do throws(WakelogError) {
      _ = try Engine.rebuild(
        archive: archive, with: try invocation.givenFolder(), to: whole
      ) { line.show("\($0) events put together") }
    } catch {
      throw CommandError(status: .unreadable, message: "\(archive): \(error.message)")
    }
    line.finish()
    var changed = invocation
    changed.options.append(("--log", whole))
    return try command.run(changed)
  }

  private static let lookingHelp = Command.Option.archive.help

  private static func makeFolder() throws -> String {
    let parent = environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    removeAbandoned(in: parent)
    var template = Array("\(parent)/\(name)\(getpid())-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw CommandError.refused("\(parent): \(systemError())")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes what a process has left that was killed.
  private static func removeAbandoned(in parent: String) {
    guard let directory = unsafe opendir(parent) else { return }
    defer { unsafe closedir(directory) }
    while let entry = unsafe readdir(directory) {
      let found = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard found.hasPrefix(name),
        let process = pid_t(found.dropFirst(name.count).prefix { $0 != "-" }),
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      remove("\(parent)/\(found)")
    }
  }

  private static func remove(_ folder: String) {
    for log in ["log", "log.importing"] {
      for file in ["data.mdb", "lock.mdb"] { unsafe unlink("\(folder)/\(log)/\(file)") }
      unsafe rmdir("\(folder)/\(log)")
    }
    unsafe rmdir(folder)
  }
}

extension Invocation {
  /// The folder of the log, as a typed error.
  fileprivate func givenFolder() throws(WakelogError) -> String {
    do { return try logFolder() } catch {
      throw WakelogError(.invalidParameter, "--log DIR is missing: the folder of the log")
    }
  }
}
