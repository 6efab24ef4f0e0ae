import WakelogModel

extension LanePicture {
  /// What is neither an attempt nor its wake.
  func writeShape(_ slot: Lane.Slot, to page: inout Markup) {
    switch slot.kind {
    case .attempt: break
    case .wall(let cause, let generation):
      box(22, 22, 12, 104, to: &page)
      label("reset", 28, 10, "middle", to: &page)
      label(cause?.name ?? "", 28, 20, "middle small", to: &page)
      label("gen. \(generation.value)", 28, 140, "middle small", to: &page)
    case .pause(let length):
      label("···", 26, 60, "middle", to: &page)
      label(length.span, 26, 76, "middle small", to: &page)
    case .worked(let count, _):
      label(slot.at.shortly, 0, 14, "time", to: &page)
      box(0, 40, slot.width, 44, to: &page)
      label("✓", 10, 58, "sign", to: &page)
      label("\(count) runs worked", 26, 58, "outcome", to: &page)
      label("one attempt each", 10, 76, "id", to: &page)
    case .wake(let source, let word):
      label("▸ \(source?.name ?? "wake")", 0, 31, "", to: &page)
      label(word, 0, 62, "small", to: &page)
    case .mark(let word, let about):
      box(0, 47, slot.width, 30, to: &page)
      let isAlone = !about.identity.exists
      label(word, 8, isAlone ? 66 : 59, "outcome", to: &page)
      if let id = log.text(about.identity) {
        label(id, 8, 72, about.isDead ? "id dead" : "id", to: &page)
      }
    }
  }
}
