import WakelogModel

extension LanePicture {
  /// The band that shows what the key points to.
  func writeBindings(to page: inout Markup) {
    var start = 0
    var binding = lane.slots.first?.binding ?? lane.binding
    for (index, slot) in lane.slots.enumerated() where slot.binding != binding {
      writeBand(binding, from: start, to: places[index] - 4, to: &page)
      start = places[index] - 4
      binding = slot.binding
    }
    let end = width - Self.endWidth
    if binding != lane.binding {
      writeBand(binding, from: start, to: end, to: &page)
      start = end
    }
    writeBand(lane.binding, from: start, to: width, to: &page)
  }

  private func writeBand(
    _ binding: Lane.Binding, from start: Int, to end: Int, to page: inout Markup
  ) {
    guard lane.session.exists, binding.identity.exists, end - start > 4 else { return }
    let id = log.text(binding.identity) ?? "?"
    let style = binding.isDead ? "band gone" : "band"
    page.element("g", ["class": style, "role": "img"]) { page in
      page.element(
        "title", text: "The key points to \(id)" + (binding.isDead ? ", which is dead" : ""))
      box(start, 105, end - start - 2, 20, to: &page)
      // Said again and again, so that a part of the picture can be read as well.
      for place in stride(from: start, to: end - 90, by: 560) {
        page.element("text", ["x": "\(place + 8)", "y": "119"]) { page in
          page.literal("→ ")
          page.element("tspan", ["class": binding.isDead ? "id dead" : "id"], text: id, atMost: 20)
          if binding.isDead, end - place > 150 { page.literal(" dead") }
        }
      }
    }
  }
}
