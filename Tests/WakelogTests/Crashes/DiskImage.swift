import Foundation

/// The files below a folder, as a loss of power leaves them.
struct DiskImage {
  private enum Node {
    case folder
    case file(UInt64)
  }

  private var nodes: [String: Node] = [:]
  private var contents: [UInt64: Data] = [:]

  /// Nothing.
  init() {}

  /// The files below a folder, each with the number that it is known by, or 0 for a folder: lines of
  /// a number and a path.
  init(_ folder: String, inodes: String) throws {
    for line in inodes.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let path = String(parts[1])
      guard let number = UInt64(parts[0]) else { throw CocoaError(.fileReadCorruptFile) }
      nodes[path] = number == 0 ? .folder : .file(number)
      // The locks' files are never recorded, and made anew.
      if path.hasSuffix("lock.mdb") || path.hasSuffix("writer.lock") { nodes[path] = nil }
      guard number != 0 else { continue }
      contents[number] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path))
    }
  }

  /// Changes what a file holds: of a write those bytes that arrived, all of them by default.
  mutating func change(_ record: Journal.Record, _ bytes: Data, arrived: [Range<Int>]? = nil) {
    // Taken out, so that it has one owner and is changed where it lies.
    var content = contents.removeValue(forKey: record.file) ?? Data()
    defer { contents[record.file] = content }
    let offset = record.offset ?? content.count
    if record.kind == .truncated { return Self.resize(&content, offset) }
    let pieces = arrived ?? [0..<record.data.count]
    guard let end = pieces.map(\.upperBound).max() else { return }
    if content.count < offset + end { Self.resize(&content, offset + end) }
    content.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { source in
        for piece in pieces {
          let start = record.data.lowerBound + piece.lowerBound
          let from = UnsafeRawBufferPointer(rebasing: source[start..<start + piece.count])
          let place = offset + piece.lowerBound
          UnsafeMutableRawBufferPointer(rebasing: target[place..<place + piece.count])
            .copyMemory(from: from)
        }
      }
    }
  }

  private static func resize(_ content: inout Data, _ count: Int) {
    if content.count < count {
      content.append(Data(count: count - content.count))
    } else {
      content.removeLast(content.count - count)
    }
  }

  /// Changes which files there are, if what the change begins with is there.
  mutating func rename(_ record: Journal.Record) {
    switch record.kind {
    case .created: nodes[record.first] = .file(record.file)
    case .linked: nodes[record.second] = .file(record.file)
    case .folderMade: nodes[record.first] = .folder
    case .unlinked, .folderRemoved: nodes[record.first] = nil
    case .renamed:
      guard let node = nodes.removeValue(forKey: record.first) else { return }
      nodes[record.second] = node
      for (path, inner) in nodes where path.hasPrefix(record.first + "/") {
        nodes[path] = nil
        nodes[record.second + path.dropFirst(record.first.count)] = inner
      }
    default: break
    }
  }

  /// The files that can be reached from the folder, with what they hold.
  var files: [String: Data] {
    var files: [String: Data] = [:]
    for (path, node) in nodes where isReached(path) {
      if case .file(let file) = node { files[path] = contents[file] ?? Data() }
    }
    return files
  }

  private func isReached(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    return (1..<max(parts.count, 1)).allSatisfy { count in
      if case .folder = nodes[parts.prefix(count).joined(separator: "/")] { true } else { false }
    }
  }

  /// Writes the files into a folder, which is made.
  func write(to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    for (path, node) in nodes where isReached(path) {
      guard case .folder = node else { continue }
      try FileManager.default.createDirectory(
        atPath: folder + "/" + path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    for (path, content) in files {
      try content.write(to: URL(fileURLWithPath: folder + "/" + path))
      chmod(folder + "/" + path, 0o600)
    }
  }
}
