extension Event {
  /// Hands over every symbol of the event, its session included, in stored order.
  public func forEachSymbol(_ body: (Namespace, UInt32) -> Void) {
    if session.exists { body(.session, session.number) }
    withoutActuallyEscaping(body) { body in
      var collector = SymbolCollector(body: body)
      var fields = self.body
      fields.visit(&collector)
    }
  }
}

private struct SymbolCollector: PartialVisitor {
  let body: (Namespace, UInt32) -> Void

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    if value.exists { body(Space.namespace, value.number) }
  }
}

extension Event {
  /// The event with other numbers for its symbols, as a closure gives them.
  package func renumbered(_ body: (Namespace, UInt32) -> UInt32) -> Event {
    withoutActuallyEscaping(body) { body in
      var changer = SymbolChanger(body: body)
      var event = self
      changer.symbol("session", &event.session)
      event.body.visit(&changer)
      return event
    }
  }
}

private struct SymbolChanger: PartialVisitor {
  let body: (Namespace, UInt32) -> UInt32

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    if value.exists { value.number = body(Space.namespace, value.number) }
  }
}
