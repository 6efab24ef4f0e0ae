internal import Glibc
internal import Wakelog

/// The transcripts that a CLI has on this machine, looked up once.
package struct Transcripts {
  /// What was found of an id.
  package enum Finding: Equatable {
    /// It is there, with content.
    case there
    /// It is there, and has no content.
    case empty
    /// It is there, and no model has answered in it: there is nothing to go on with.
    case unanswered
    /// It lies in the folder of another workspace, where the CLI does not look.
    case elsewhere(folder: String)
    /// It is not there.
    case gone
    /// The id is no name of a file, so nothing was looked up.
    case unsafe
  }

  package let layout: TranscriptLayout
  /// The home that was looked into.
  package let home: String
  private var places: [String: [Place]] = [:]

  private struct Place {
    var folder: String
    var size: Int
    /// The names from the root to the file.
    var trail: [String]
  }

  /// More files than that are not looked at: then nothing is said of any id.
  private static let limit = 1_000_000

  /// Looks into a home; throws in words why nothing can be said of any id.
  package init(_ layout: TranscriptLayout, home: String) throws(CannotTell) {
    self.layout = layout
    self.home = home
    guard let folder = Folder(opening: home) else {
      throw CannotTell(because: "\(home) is not there or cannot be read")
    }
    if let database = layout.database, folder.size(database) != nil {
      throw CannotTell(because: "\(home)/\(database) keeps the sessions, and is not looked into")
    }
    var root = folder
    for name in layout.root.split(separator: "/") {
      guard let next = root.folder(String(name)) else {
        throw CannotTell(because: "\(home) has no folder \(layout.root)")
      }
      root = next
    }
    var count = 0
    for pattern in layout.files {
      try gather(pattern, pattern.depth, root, [], &count)
    }
  }

  /// Why nothing can be said.
  package struct CannotTell: Error {
    package var because: String
  }

  private mutating func gather(
    _ pattern: TranscriptLayout.Pattern, _ depth: Int, _ folder: Folder, _ trail: [String],
    _ count: inout Int
  ) throws(CannotTell) {
    guard let names = folder.list() else {
      throw CannotTell(because: "a folder below \(home)/\(layout.root) cannot be listed")
    }
    for name in names {
      if depth > 0 {
        guard let next = folder.folder(name) else { continue }
        try gather(pattern, depth - 1, next, trail + [name], &count)
      } else if name.hasPrefix(pattern.prefix), name.hasSuffix(pattern.suffix),
        let size = pattern.file.map({ folder.folder(name)?.size($0) }) ?? folder.size(name)
      {
        count += 1
        guard count <= Self.limit else {
          throw CannotTell(because: "\(home) has more than \(Self.limit) transcripts")
        }
        let place = Place(
          folder: trail.first ?? "", size: size,
          trail: trail + [name] + (pattern.file.map { [$0] } ?? []))
        add(name.dropFirst(pattern.prefix.count).dropLast(pattern.suffix.count), place)
      }
    }
  }

  /// A file counts for every end of its name that may be an id: times stand before it, and both
  /// have dashes.
  private mutating func add(_ name: Substring, _ place: Place) {
    places[String(name), default: []].append(place)
    guard layout.files.contains(where: { !$0.prefix.isEmpty }) else { return }
    for index in name.indices where name[index] == "-" {
      places[String(name[name.index(after: index)...]), default: []].append(place)
    }
  }

  /// Looks for an id, made in a workspace.
  package func find(_ id: String, workspace: String?) -> Finding {
    guard Folder.isName(id) else { return .unsafe }
    let length = layout.files.first?.idLength
    let key = length.map { String(id.prefix($0)) } ?? id
    let found = places[key] ?? []
    guard !found.isEmpty else { return .gone }
    guard let workspace, let folder = layout.folder(of: workspace) else { return content(found) }
    let here = found.filter { $0.folder == folder }
    return here.isEmpty ? .elsewhere(folder: found[0].folder) : content(here)
  }

  private func content(_ places: [Place]) -> Finding {
    let filled = places.filter { $0.size > 0 }
    if filled.isEmpty { return .empty }
    return layout.answers.isEmpty || filled.contains(where: hasAnswer) ? .there : .unanswered
  }

  /// Whether a model has answered in a file; true for one that cannot be read, of which nobody knows.
  private func hasAnswer(_ place: Place) -> Bool {
    var folder = Folder(opening: home)
    let names = layout.root.split(separator: "/").map(String.init) + place.trail
    for name in names.dropLast() { folder = folder?.folder(name) }
    guard let name = names.last, let file = folder?.openFile(name) else { return true }
    defer { close(file) }
    var documents = DocumentReader()
    var isFound = false
    let look = { (document: JSONValue) in
      if layout.answers.contains(where: { $0.applies(to: document) }) { isFound = true }
    }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while !isFound {
      let count = unsafe chunk.withUnsafeMutableBytes { bytes in
        unsafe read(file, bytes.baseAddress, bytes.count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return true }
      if count == 0 { break }
      unsafe chunk.withUnsafeBytes { bytes in
        unsafe documents.take(UnsafeRawBufferPointer(rebasing: bytes[..<count]), look)
      }
    }
    documents.end(look)
    return isFound
  }
}

/// What is there of a provider session on this machine.
public struct TranscriptFinding: Sendable, Hashable {
  /// Whether there is a transcript in which a model has answered; nil where nobody can tell.
  public let exists: Bool?
  /// Why, in a sentence.
  public let because: String
}

extension Provider {
  /// Looks for the transcript of a session that was made in a workspace.
  ///
  /// A transcript without an answer of a model is none: there is nothing to go on with. The CLI's
  /// home is that of this process's environment, or the one given.
  public func transcript(
    of sessionId: String, workspace: String? = nil, home: String? = nil
  ) -> TranscriptFinding {
    guard let transcripts else {
      return TranscriptFinding(
        exists: nil, because: "nobody knows where \(name) keeps its transcripts")
    }
    let variable = unsafe getenv(transcripts.variable).map { unsafe String(cString: $0) }
    let user = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? "/"
    let place = home ?? transcripts.home(below: user, variable: variable)
    do throws(Transcripts.CannotTell) {
      let found = try Transcripts(transcripts, home: place)
      switch found.find(sessionId, workspace: workspace) {
      case .there: return TranscriptFinding(exists: true, because: "it is below \(place)")
      case .empty: return TranscriptFinding(exists: false, because: "its file is empty")
      case .unanswered:
        return TranscriptFinding(exists: false, because: "no model has answered in it")
      case .gone:
        return TranscriptFinding(exists: false, because: "there is no file below \(place)")
      case .elsewhere(let folder):
        return TranscriptFinding(
          exists: nil, because: "its file lies in \(folder), the folder of another workspace")
      case .unsafe:
        return TranscriptFinding(exists: nil, because: "the id is no name of a file")
      }
    } catch {
      return TranscriptFinding(exists: nil, because: error.because)
    }
  }
}
