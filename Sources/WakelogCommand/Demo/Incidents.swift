extension Demo {
  /// The incidents that are played, with the rules of their hosts.
  enum Incidents {
    /// The files, in the order of playing. They are part of the program.
    static var texts: [String] {
      [
        PackageResources.paperclip_6608_ndjson, PackageResources.paperclip_1907_ndjson,
        PackageResources.archon_1280_ndjson, PackageResources.hermes_3210_ndjson,
        PackageResources.openclaw_77011_ndjson,
      ].map { String(decoding: $0, as: UTF8.self) }
    }

    /// The rules of that name; nil when there are none.
    static func host(_ name: String) -> (any HostAsItWas)? {
      switch name {
      case "paperclip-6608": Paperclip6608()
      case "paperclip-1907": Paperclip1907()
      case "archon-1280": Archon1280()
      case "hermes-3210": Hermes3210()
      case "openclaw-77011": OpenClaw77011()
      default: nil
      }
    }
  }
}
