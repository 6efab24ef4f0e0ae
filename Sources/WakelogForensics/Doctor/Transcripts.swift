internal import Wakelog
internal import WakelogProviders

/// The transcripts that a CLI has on this machine, looked up once.
struct Transcripts {
  /// What was found of an id.
  enum Finding: Equatable {
    /// It is there, with content.
    case there
    /// It is there, and has no content.
    case empty
    /// It lies in the folder of another workspace, where the CLI does not look.
    case elsewhere(folder: String)
    /// It is not there.
    case gone
    /// The id is no name of a file, so nothing was looked up.
    case unsafe
  }

  let layout: TranscriptLayout
  /// The home that was looked into.
  let home: String
  private var places: [String: [Place]] = [:]

  private struct Place {
    var folder: String
    var size: Int
  }

  /// More files than that are not looked at: then nothing is said of any id.
  private static let limit = 1_000_000

  /// Looks into a home; throws in words why nothing can be said of any id.
  init(_ layout: TranscriptLayout, home: String) throws(CannotTell) {
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
      try gather(pattern, pattern.depth, root, "", &count)
    }
  }

  /// Why nothing can be said.
  struct CannotTell: Error {
    var because: String
  }

  private mutating func gather(
    _ pattern: TranscriptLayout.Pattern, _ depth: Int, _ folder: Folder, _ top: String,
    _ count: inout Int
  ) throws(CannotTell) {
    guard let names = folder.list() else {
      throw CannotTell(because: "a folder below \(home)/\(layout.root) cannot be listed")
    }
    for name in names {
      if depth > 0 {
        guard let next = folder.folder(name) else { continue }
        try gather(pattern, depth - 1, next, top.isEmpty ? name : top, &count)
      } else if name.hasPrefix(pattern.prefix), name.hasSuffix(pattern.suffix),
        let size = pattern.file.map({ folder.folder(name)?.size($0) }) ?? folder.size(name)
      {
        count += 1
        guard count <= Self.limit else {
          throw CannotTell(because: "\(home) has more than \(Self.limit) transcripts")
        }
        add(name.dropFirst(pattern.prefix.count).dropLast(pattern.suffix.count), top, size)
      }
    }
  }

  /// A file counts for every end of its name that may be an id: times stand before it, and both
  /// have dashes.
  private mutating func add(_ name: Substring, _ folder: String, _ size: Int) {
    let place = Place(folder: folder, size: size)
    places[String(name), default: []].append(place)
    guard layout.files.contains(where: { !$0.prefix.isEmpty }) else { return }
    for index in name.indices where name[index] == "-" {
      places[String(name[name.index(after: index)...]), default: []].append(place)
    }
  }

  /// Looks for an id, made in a workspace.
  func find(_ id: String, workspace: String?) -> Finding {
    guard Folder.isName(id) else { return .unsafe }
    let length = layout.files.first?.idLength
    let key = length.map { String(id.prefix($0)) } ?? id
    let found = places[key] ?? []
    guard !found.isEmpty else { return .gone }
    guard let workspace, let folder = layout.folder(of: workspace) else {
      return found.contains { $0.size > 0 } ? .there : .empty
    }
    let here = found.filter { $0.folder == folder }
    if here.isEmpty { return .elsewhere(folder: found[0].folder) }
    return here.contains { $0.size > 0 } ? .there : .empty
  }
}
