extension LawChecker {
  /// A key is gone: what waited for it needs no disposition, and its number is never used again.
  mutating func sessionForgotten(_ event: Event) {
    keys[event.session] = nil
  }
}
