extension Demo {
  /// The incidents that are played. Each names the host as it was that it happened to.
  enum Incidents {
    /// The files, in the order of playing. They are part of the program.
    static var texts: [String] {
      [
        PackageResources.paperclip_6608_ndjson, PackageResources.paperclip_1907_ndjson,
        PackageResources.archon_1280_ndjson, PackageResources.hermes_3210_ndjson,
        PackageResources.openclaw_77011_ndjson,
      ].map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
