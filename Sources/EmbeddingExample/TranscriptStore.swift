import Foundation

/// Where a host keeps what was said: that stays its own. One file for each generation of a session.
struct TranscriptStore {
  let directory: String

  /// Appends lines; gives how many.
  func append(_ output: String, to session: String, generation: UInt64) throws -> Int {
    let name = Data(session.utf8).base64EncodedString().replacingOccurrences(of: "/", with: "_")
    let path = "\(directory)/\(name)-\(generation).log"
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(output.utf8))
    return output.split(separator: "\n").count
  }
}
