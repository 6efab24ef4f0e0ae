private let openClawPatterns = "openclaw/openclaw src/agents/failover/message-patterns.ts"

/// Providers that could not be reached, or connections that broke.
let networkEntries: [FailureEntry] = [
  FailureEntry(
    "network.code", .network,
    codes: [
      "econnrefused", "econnreset", "econnaborted", "enetunreach", "enetdown", "ehostunreach",
      "ehostdown", "enetreset", "epipe", "enotfound", "eai_again", "eai_fail", "eai_noname",
      "enotconn", "eproto", "err_stream_premature_close", "err_socket_closed", "err_network",
      "und_err_socket", "und_err_closed", "und_err_aborted", "und_err_connect",
      "und_err_req_content_length_mismatch", "gemini_network_unavailable", "network_error",
      "err_tls_cert_altname_invalid", "cert_has_expired", "depth_zero_self_signed_cert",
      "self_signed_cert_in_chain", "unable_to_verify_leaf_signature", "connectionrefused",
      "stream_read_error", "network",
    ],
    source: openClawPatterns + "; Node.js and undici error codes"),
  FailureEntry(
    "network.errno", .network,
    [
      "<econnrefused>", "<econnreset>", "<econnaborted>", "<enetunreach>", "<ehostunreach>",
      "<ehostdown>", "<enetreset>", "<epipe>", "<enotfound>", "<eai_again>",
      "<und_err_socket", "<und_err_closed", "<und_err_aborted", "<und_err_req", "<und_err_body>",
    ],
    source: openClawPatterns),
  FailureEntry(
    "network.name", .network,
    [
      "getaddrinfo", "no such host", "could not resolve host",
      "temporary failure in name resolution",
      "name or service not known", "dns lookup failed", "dns error", "dns failure",
    ],
    source: "openclaw/openclaw src/agents/pi-embedded-helpers/errors.ts"),
  FailureEntry(
    "network.connection", .network,
    [
      "connection refused", "connection reset", "connection error", "connection lost",
      "connection aborted", "connection closed", "connection to * lost", "socket hang up",
      "other side closed", "network is unreachable", "host is unreachable",
      "unable to connect to", "failed to connect to", "could not connect to",
      "error sending request for url", "premature close", "proxyconnect",
      "tunneling socket could not be established", "tunnel connection failed",
      "unable to connect. is the computer", "upstream reset before headers",
      "socket connection was closed", "websocket closed unexpectedly",
      "websocket connection was closed", "^websocket error$", "^websocket error:",
    ],
    source: openClawPatterns),
  FailureEntry(
    "network.request", .network,
    [
      "network error", "network_error", "network request failed", "fetch failed",
      "stream disconnected before completion", "stream closed", "stream aborted",
      "stream was closed", "stream was aborted", "stream ended before", "stream ended without",
      "stream_read_error", "http2 request did not get a response",
      "part of the response never arrived", "网络错误", "网络异常", "连接错误",
    ],
    source: openClawPatterns),
  FailureEntry(
    "network.bare", .network, streams: [.message, .structured, .errorCode],
    ["^terminated$", "^request failed$", "^llm request failed$", "request failed after repeated"],
    source: openClawPatterns + "; openclaw/openclaw#69368, #93931"),
  FailureEntry(
    "network.certificate", .network,
    [
      "certificate has expired", "self-signed certificate", "self signed certificate",
      "unable to verify the first certificate", "unable to get local issuer certificate",
    ],
    source: "Node.js TLS errors"),
]

/// Nothing came back in time.
let timeoutEntries: [FailureEntry] = [
  FailureEntry(
    "timeout.code", .timeout,
    codes: [
      "etimedout", "esockettimedout", "err_socket_connection_timeout", "und_err_connect_timeout",
      "und_err_headers_timeout", "und_err_body_timeout", "deadline_exceeded", "timeout",
      "timeout_error", "aborterror", "request_timeout", "err_request_timeout", "timeouterror",
    ],
    source: openClawPatterns + "; Node.js and undici error codes"),
  FailureEntry(
    "timeout.text", .timeout,
    [
      "<timed out>", "<time out>", "<etimedout>", "<esockettimedout>", "und_err_connect_timeout",
      "und_err_headers_timeout", "und_err_body_timeout", "deadline exceeded", "deadline_exceeded",
      "request timeout", "connection timeout", "connect timeout", "read timeout",
      "network timeout", "timeout error", "timeout exceeded", "timeout of * exceeded",
      "timeout waiting for", "without sending any chunk", "without sending chunk",
      "response stalled before", "no data arrived for more than",
      "请求超时", "连接超时",
    ],
    source: openClawPatterns),
  FailureEntry(
    "timeout.aborted", .timeout,
    [
      "operation was aborted", "request was aborted", "stop reason: abort", "<reason: abort",
      "finish_reason: abort", "^request aborted$",
    ],
    source: openClawPatterns + "; openclaw/openclaw#58315"),
  FailureEntry(
    "timeout.word", .timeout, streams: [.message, .structured, .errorCode], ["<timeout>"],
    source: openClawPatterns),
]
