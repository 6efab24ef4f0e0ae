import Foundation

/// Other programs, run to their end.
package enum Shell {
  /// What a program came to.
  package struct Outcome {
    /// Its exit code, or 128 and the signal that ended it.
    package var status: Int32
    /// Both of its streams.
    package var output: String
  }

  /// Runs a program found on the path.
  package static func run(
    _ words: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    return Outcome(status: status, output: String(decoding: printed, as: UTF8.self))
  }

  /// Whether there is a program of that name.
  package static func has(_ name: String) -> Bool {
    (try? run(["sh", "-c", "command -v \(name)"]).status) == 0
  }
}
