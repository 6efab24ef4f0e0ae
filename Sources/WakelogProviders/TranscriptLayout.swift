/// Where a CLI keeps the transcripts of its sessions, as data.
public struct TranscriptLayout: Sendable, Hashable {
  /// The variable that names its home, or a folder that its home lies in; empty where there is none.
  public internal(set) var variable: String
  /// Where its home is below what the variable names; empty for the very folder.
  public internal(set) var below = ""
  /// Where its home is below the user's otherwise.
  public internal(set) var home: String
  /// The part of the home that is only there once the CLI kept a session.
  public internal(set) var root: String
  /// Where files lie below the root.
  public internal(set) var files: [Pattern]
  /// A file in the home that means that sessions are kept in there, where nothing is looked up.
  public internal(set) var database: String?
  /// How the folder, directly below the root, that belongs to a workspace is named; nil where it
  /// has none that can be told.
  public internal(set) var workspaceFolder: WorkspaceFolder?

  /// Which documents of a file are answers of a model; empty where nobody knows.
  public internal(set) var answers: [OutputRule] = []

  /// Folders below the root, all of a level, and what a file's name is around the id.
  public struct Pattern: Sendable, Hashable {
    /// How many levels of folders lie between the root and the file.
    public internal(set) var depth: Int
    /// What the file's name begins with.
    public internal(set) var prefix = ""
    /// What the file's name ends with.
    public internal(set) var suffix: String
    /// How many characters of the id the name has; nil for all.
    public internal(set) var idLength: Int?
    /// The file's name where it does not have the id, but the folder that it stands in does; prefix
    /// and suffix are that folder's then.
    public internal(set) var file: String?
  }

  /// How a folder is named after a workspace.
  public enum WorkspaceFolder: String, Sendable, Hashable, CaseIterable {
    /// The path, with a dash for every UTF-16 unit that is no ASCII letter or digit.
    case dashes
  }

  /// The home, given the user's and the value of the variable; an empty value is none.
  public func home(below userHome: String, variable value: String?) -> String {
    guard let value, !value.isEmpty else { return "\(userHome)/\(home)" }
    return below.isEmpty ? value : "\(value)/\(below)"
  }

  /// The name of a workspace's folder.
  public func folder(of workspace: String) -> String? {
    guard let workspaceFolder else { return nil }
    switch workspaceFolder {
    case .dashes:
      let bytes = workspace.utf16.map { unit -> UInt8 in
        let byte = UInt8(truncatingIfNeeded: unit)
        let isPlain =
          unit < 0x80
          && (UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte)
        return isPlain ? byte : UInt8(ascii: "-")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
