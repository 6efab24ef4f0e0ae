public import Wakelog

/// Imports what a host left behind into a log, new or existing.
///
/// The store is only read. Everything taken is marked as imported; what the store does not say
/// stays unknown. Importing again adds what is new.
public struct HostImport {
  /// Where clocks without a zone stood.
  public var zone = TimeZoneRule.utc
  /// A name for the store, when a log takes more than one of the same host: it stands before the
  /// session keys.
  public var name: String?

  private let host: HostKind
  private let source: any HostStore

  /// Opens a store at a path; what may stand there is at the cases of `HostKind`.
  public init(_ host: HostKind, at path: String) throws(ImportError) {
    self.host = host
    source =
      switch host {
      case .hermes: HermesStore(home: try Folder.open(path))
      case .archon: try ArchonStore(path)
      case .paperclip: try PaperclipStore(folder: path)
      case .openclaw: try OpenClawStore(path)
      }
  }

  /// Connects to Paperclip's PostgreSQL database.
  public init(paperclip address: String) throws(ImportError) {
    host = .paperclip
    source = try PaperclipStore(database: address)
  }

  /// Imports the store.
  ///
  /// - Parameter progress: Told how far it has come, now and then.
  public func run(
    into engine: Engine, progress: @escaping (String) -> Void = { _ in }
  ) throws -> ImportReport {
    let stage = try Stage()
    let gathering = Gathering(
      stage, zone: zone, report: ImportReport(host: host), progress: progress)
    try gathering.gather(source)
    let store = host.rawValue + (name.map { "/" + $0 } ?? "")
    var importer = Importer(engine, store: store, report: gathering.report)
    return try importer.take(stage, progress: progress)
  }
}
