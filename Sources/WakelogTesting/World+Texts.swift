public import WakelogModel

extension World {
  /// The strings of this world's events, for export and for forensics.
  public var texts: any SymbolTexts { strings }
}

extension Strings: SymbolTexts {
  func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    if namespace == .identity { return session(IdentitySymbol(number))?.bytes }
    return text(namespace, number).map { Array($0.utf8) }
  }
}
