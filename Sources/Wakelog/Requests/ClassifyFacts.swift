package import WakelogModel

/// Says which failure the facts of an ended attempt show: `{ "id", "kind", "family", "because" }`.
///
/// `id` is handed back. Whatever a `finish` says of an attempt is read as a `finish` reads it;
/// `provider` and `resuming` come on top.
package func classify(facts: JSONObject) throws(WakelogError) -> JSONObject {
  var params = facts
  for own in ["id", "provider", "resuming"] { params[own] = nil }
  for other in ["attempt", "fence"] where facts[other] != nil {
    throw WakelogError(.invalidParameter, "`\(other)` is unknown; remove it", field: other)
  }
  params["attempt"] = 1
  params["fence"] = "none"
  var traces = try FinishRequest(json: params).traces
  switch facts["provider"] {
  case nil, .null?: break
  case .string(let name)?: traces.provider = name
  case let other?: throw .unexpected(other, at: "provider", "a string")
  }
  switch facts["resuming"] {
  case nil, .null?: break
  case .bool(let value)?: traces.resuming = value
  case let other?: throw .unexpected(other, at: "resuming", "true or false")
  }
  let found = WakelogModel.classify(traces)
  return JSONObject([
    .init(name: "id", value: facts["id"] ?? .null),
    .init(name: "kind", value: .text(found.kind?.name)),
    .init(name: "family", value: .text(found.kind?.family.name)),
    .init(name: "because", value: .string(found.because)),
  ])
}
