import Foundation
import TestSupport
import Wakelog

/// The built `wakelog`, which lies beside the test bundle.
enum Tool {
  static let path: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("wakelog").path
  }()

  /// What a call of the tool came to.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    var json: JSONValue { (try? JSONParser.parse(output)) ?? .null }
    var lines: [JSONValue] {
      output.split(separator: "\n").map { (try? JSONParser.parse(String($0))) ?? .null }
    }
  }

  /// Runs the tool to its end; `shell` is what a shell does around it, as `>/dev/full` behind it
  /// or `ulimit -f 1;` before it, where `$tool` stands for the call.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    folder: String? = nil, shell: String? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: shell == nil ? path : "/bin/sh")
    let script = shell?.replacingOccurrences(of: "$tool", with: #""$0" "$@""#)
    process.arguments = (script.map { ["-c", $0, path] } ?? []) + arguments
    var variables = ProcessInfo.processInfo.environment
    variables.merge(environment) { $1 }
    process.environment = variables
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let errors = Later { stderr.fileHandleForReading.readDataToEndOfFile() }
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    return Outcome(
      status: status, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors.value(), as: UTF8.self))
  }
}

/// Something that is worked out on a thread of its own meanwhile.
final class Later<Value: Sendable>: @unchecked Sendable {
  private let done = DispatchSemaphore(value: 0)
  private var result: Value?

  init(_ body: @escaping @Sendable () -> Value) {
    Thread { [self] in
      result = body()
      done.signal()
    }.start()
  }

  /// Waits for it; to be called once.
  func value() -> Value {
    done.wait()
    return result!
  }
}

/// A folder that goes away with its last owner.
final class Scratch: Sendable {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path }

  /// The folder of a log in it.
  var log: String { path + "/log" }

  /// Writes a shell script that stands in for an agent's CLI.
  func script(_ name: String, _ body: String) throws -> String {
    let file = path + "/" + name
    try "#!/bin/sh\n\(body)\n".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    return file
  }

  func text(_ name: String) -> String {
    (try? String(contentsOfFile: path + "/" + name, encoding: .utf8)) ?? ""
  }
}
