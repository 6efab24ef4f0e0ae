package import Wakelog

extension Provider {
  /// A provider of the table.
  package static func known(_ name: String) throws(WakelogError) -> Provider {
    if let provider = named(name) { return provider }
    throw WakelogError(
      .notFound,
      "there is no provider \(JSONValue.string(String(name.prefix(64))).text); give the document of "
        + "your own, or one of " + all.map(\.name).joined(separator: ", "), field: "provider")
  }
}

/// Carries out what throws errors of providers; `path` is where the document stands that they are of.
package func naming<Result>(
  in path: String = "", _ body: () throws(ProviderError) -> Result
) throws(WakelogError) -> Result {
  do throws(ProviderError) {
    return try body()
  } catch {
    throw WakelogError(
      .invalidParameter, error.message, field: path.isEmpty ? error.field : "\(path).\(error.field)"
    )
  }
}
