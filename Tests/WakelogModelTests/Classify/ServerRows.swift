import WakelogModel

/// Servers that failed, and requests that were wrong.
let serverRows: [Row] = [
  Row(.serverError, "server.internal", message: "500 Internal Server Error"),
  Row(.serverError, "server.gateway", message: "502 Bad Gateway"),
  Row(.serverError, "server.unavailable", message: "503 Service Unavailable"),
  Row(
    .serverError, "server.unavailable",
    message: "ServiceUnavailable: The service is temporarily unable to handle the request."),
  Row(
    .serverError, "server.unavailable",
    message: "521 <!DOCTYPE html><html><head><title>Web server is down</title></head></html>"),
  Row(.serverError, "server.internal", message: "503 Internal Database Error"),
  Row(
    .serverError, "server.gateway",
    message: """
      upstream connect error or disconnect/reset before headers. reset reason: connection \
      reset
      """),
  Row(.serverError, "server.internal", message: "An error occurred while processing your request."),
  Row(.serverError, "server.stopReason", message: "stop reason: error"),
  Row(.serverError, "server.stopReason", message: "finish_reason: malformed_response"),
  Row(.serverError, "status.5xx", message: "API Error: 500 whatever"),
  Row(.serverError, "status.5xx", message: "HTTP 500"),
  Row(.serverError, "status.5xx", message: "HTTP/1.1 500 backend error"),
  Row(.serverError, "server.internal", message: "内部错误"),
  Row(.serverError, "status.5xx", status: 500),
  Row(.serverError, "status.5xx", status: 502),
  Row(.serverError, "status.5xx", status: 503),
  Row(.serverError, "status.5xx", status: 521),
  Row(.serverError, "status.5xx", status: 522),
  Row(.serverError, "status.5xx", status: 524),
  Row(
    .serverError, "server.internal",
    message: #"{"type":"error","error":{"type":"api_error","message":"Internal server error"}}"#),
  Row(
    .serverError, "type.api",
    message: #"{"type":"error","error":{"type":"api_error","message":"?"}}"#),
  Row(.serverError, "server.internal", code: "server_error"),
  Row(.serverError, "server.unavailable", code: "UNAVAILABLE"),
  Row(.invalidRequest, "request.format", message: "string should match pattern"),
  Row(
    .invalidRequest, "request.format",
    message: "invalid request format: messages.1.content.1.tool_use.id"),
  Row(
    .invalidRequest, "request.format",
    message: "tool call id was 64 characters, must be at most 40"),
  Row(
    .invalidRequest, "request.format",
    message: "400 Reasoning is mandatory for this endpoint and cannot be disabled."),
  Row(.invalidRequest, "request.format", message: "missing required property"),
  Row(.invalidRequest, "request.format", message: "conversation must end with a user message"),
  Row(.invalidRequest, "status.4xx", status: 400),
  Row(.invalidRequest, "status.4xx", status: 422),
  Row(.invalidRequest, "status.4xx", message: "Unprocessable Entity", status: 422),
  Row(.invalidRequest, "status.4xx", message: "check the parameter error", status: 422),
  Row(.invalidRequest, "status.4xx", message: "HTTP 400: bad things"),
  Row(.invalidRequest, "request.code", code: "UNKNOWN_PARAMETER"),
  Row(
    .invalidRequest, "type.invalidRequest",
    message: #"{"type":"error","error":{"type":"invalid_request_error","message":"nope"}}"#),
  Row(
    .invalidRequest, "type.invalidRequest", "acp",
    stderr: #"{"code":-32601,"message":"Method not found: session/load"}"#),
]
