public import Wakelog

extension Report {
  /// Writes a page to a file: whoever reads it sees the old one or all of the new one.
  ///
  /// Only its owner may read it, as the log. Throws `notFound` where the directory is missing,
  /// `diskFull`, or `readOnly` for whatever else the system says; then the old file stays.
  public static func write(_ page: [UInt8], to path: String) throws(WakelogError) {
    try WholeFile.write(page, to: path)
  }
}
