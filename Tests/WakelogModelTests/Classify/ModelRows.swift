import WakelogModel

/// Models that do not exist or may not be used.
let modelRows: [Row] = [
  Row(.modelNotFound, "model.missing", message: "The model gpt-foo does not exist."),
  Row(.modelNotFound, "model.missing", message: "model gpt-5.5-preview-0429 not found"),
  Row(.modelNotFound, "model.missing", message: "model 'llama9' not found, try pulling it first"),
  Row(.modelNotFound, "model.invalid", message: "invalid model: openrouter/x"),
  Row(.modelNotFound, "model.invalid", message: "foo/bar is not a valid model ID"),
  Row(
    .modelNotFound, "model.missing",
    message: "models/gemini-9 is not found for API version v1beta"),
  Row(.modelNotFound, "model.missing", message: "404 model not found: a/b"),
  Row(
    .modelNotFound, "model.invalid", "claude",
    stderr: """
      There's an issue with the selected model (claude-x). It may not exist or you may not \
      have access to it.
      """),
  Row(
    .modelNotFound, "model.missing", "opencode",
    stderr: #"""
      ProviderModelNotFoundError: ProviderModelNotFoundError\#n data: { providerID: "x", \#
      modelID: "y" }
      """#),
  Row(
    .modelNotFound, "model.code", "opencode",
    stdout: #"""
      {"type":"error","error":{"name":"ProviderModelNotFoundError","data":{"modelID":"y"}}}
      """#),
  Row(
    .modelNotFound, "model.named",
    message: #"{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}"#),
  Row(.modelNotFound, "model.missing", message: "No endpoints found for a/b:free.", status: 404),
  Row(.modelNotFound, "status.404", status: 404),
  Row(.modelNotFound, "status.404", message: "Not Found", status: 404),
  Row(.modelNotFound, "model.code", code: "model_not_found"),
  Row(
    .modelNotFound, "type.notFound",
    message: #"{"type":"error","error":{"type":"not_found_error","message":"Not found"}}"#),
]
