extension Event {
  /// The event with every position in it replaced: its own, its run's, the previous event's, and
  /// those that its fields name. A position that is none stays so.
  ///
  /// For events that are put into another order or into another log: all that refers to other
  /// events is in these places and nowhere else.
  public func mappingPositions(_ map: (SequenceNumber) -> SequenceNumber) -> Event {
    var event = self
    withoutActuallyEscaping(map) { map in
      var mapper = PositionMapper(map: map)
      mapper.sequence("", &event.sequence)
      mapper.sequence("", &event.run)
      mapper.sequence("", &event.previous)
      event.body.visit(&mapper)
    }
    return event
  }
}

private struct PositionMapper: PartialVisitor {
  let map: (SequenceNumber) -> SequenceNumber

  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    if value.exists { value = map(value) }
  }
}
