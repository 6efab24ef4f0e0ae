import Foundation
import Wakelog
import WakelogProviders

/// A CLI of the provider table, as this host calls it.
struct AgentCLI: Sendable {
  private let provider: Provider
  private let command: [String]

  init(provider name: String, command: [String]) throws {
    guard let provider = Provider.named(name) else {
      throw WakelogError(
        .notFound, "\(name) is not in the table, which has \(Provider.all.map(\.name))",
        field: "provider")
    }
    self.provider = provider
    self.command = command
  }

  /// Runs it to its end; blocks the thread.
  func run(resuming id: String?) throws -> EndedAttempt {
    let call = try provider.command(
      command, resuming: id, beginning: UUID().uuidString.lowercased())
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = call.words
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = Said(errors)
    var reader = OutputReader(provider)
    var text = Data()
    while case let piece = output.fileHandleForReading.availableData, !piece.isEmpty {
      text.append(piece)
      reader.take(ArraySlice(piece))
    }
    reader.end()
    process.waitUntilExit()
    return EndedAttempt(
      exitCode: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: said.text(), reading: reader.reading, begunUnder: call.sessionId)
  }
}

/// What a CLI left behind.
struct EndedAttempt: Sendable {
  var exitCode: Int32
  var output: String
  var errors: String
  var reading: AttemptReading
  var begunUnder: String?

  /// The end of the attempt, as the engine is told: facts, and no opinion.
  func finish(_ attempt: UInt64, _ fence: String) -> FinishRequest {
    var finish = FinishRequest(attempt: attempt, fence: fence)
    finish.exitCode = exitCode
    finish.stdout = output
    finish.stderr = errors
    finish.sessionId = reading.sessionId ?? (exitCode == 0 ? begunUnder : nil)
    finish.turns = reading.turns.map { Int32(clamping: $0) }
    return finish
  }
}

/// Standard error, read meanwhile: a full pipe would stop the CLI.
private final class Said: @unchecked Sendable {
  private let done = DispatchSemaphore(value: 0)
  private var data = Data()

  init(_ pipe: Pipe) {
    Thread { [self] in
      data = pipe.fileHandleForReading.readDataToEndOfFile()
      done.signal()
    }.start()
  }

  /// All of it, once the CLI has ended; to be called once.
  func text() -> String {
    done.wait()
    return String(decoding: data, as: UTF8.self)
  }
}
