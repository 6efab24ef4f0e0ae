"""A provider of models that answers as it is told: the Messages API of Anthropic and the Responses
API of OpenAI, on loopback, for the real agent CLIs.

The first part of the path names the answer: a CLI whose base URL is http://127.0.0.1:PORT/overloaded
is told that the API is overloaded. So one server lets a first call go well and its resume fail.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def anthropic(status, kind, message, headers=None):
    """An error as the Messages API words it."""
    return status, {"type": "error", "error": {"type": kind, "message": message}}, headers or {}


def openai(status, message, kind="invalid_request_error", code=None, param=None, **more):
    """An error as the Responses API words it."""
    error = {"message": message, "type": kind, "param": param, "code": code, **more}
    return status, {"error": error}, {}


LIMIT = {
    "anthropic-ratelimit-unified-status": "rejected",
    "anthropic-ratelimit-unified-reset": "1900000000",
    "anthropic-ratelimit-unified-representative-claim": "five_hour",
    "retry-after": "3600",
}

# What each API answers, and the kinds of failure that the answer is. None is a success.
ANTHROPIC = {
    "ok": (None, [None]),
    "unauthenticated": (
        anthropic(401, "authentication_error", "invalid x-api-key"), ["authentication"]),
    "expired": (
        anthropic(401, "authentication_error", "OAuth token has expired. Please obtain a new token"
                  " or refresh your existing token."), ["authentication"]),
    "revoked": (
        anthropic(403, "permission_error", "OAuth token has been revoked. Please obtain a new"
                  " token."), ["authenticationRevoked"]),
    "organisation": (
        anthropic(400, "invalid_request_error", "This organization has been disabled."),
        ["authenticationRevoked"]),
    "forbidden": (
        anthropic(403, "permission_error", "Your API key does not have permission to use the"
                  " specified resource."), ["authentication"]),
    "limited": (
        anthropic(429, "rate_limit_error", "This request would exceed your account's rate limit."
                  " Please try again later."), ["rateLimited"]),
    "plan": (
        anthropic(429, "rate_limit_error", "This request would exceed your account's rate limit."
                  " Please try again later.", LIMIT), ["rateLimited"]),
    "overloaded": (anthropic(529, "overloaded_error", "Overloaded"), ["overloaded"]),
    "broken": (anthropic(500, "api_error", "Internal server error"), ["serverError"]),
    "gateway": (anthropic(504, "timeout_error", "Gateway Timeout"), ["timeout", "serverError"]),
    "long": (
        anthropic(400, "invalid_request_error",
                  "prompt is too long: 211000 tokens > 200000 maximum"), ["contextOverflow"]),
    "budget": (
        anthropic(400, "invalid_request_error", "input length and `max_tokens` exceed context"
                  " limit: 190000 + 32000 > 200000, decrease input length or `max_tokens` and try"
                  " again"), ["contextOverflow"]),
    "pairs": (
        anthropic(400, "invalid_request_error", "messages.2: `tool_use` ids were found without"
                  " `tool_result` blocks immediately after: toolu_01A. Each `tool_use` block must"
                  " have a corresponding `tool_result` block in the next message."),
        ["poisonedSession"]),
    "orphan": (
        anthropic(400, "invalid_request_error", "messages.2.content.0: unexpected `tool_use_id`"
                  " found in `tool_result` blocks: toolu_01A. Each `tool_result` block must have a"
                  " corresponding `tool_use` block in the previous message."),
        ["poisonedSession"]),
    "twice": (
        anthropic(400, "invalid_request_error", "messages.3: `tool_use` ids must be unique"),
        ["poisonedSession"]),
    "signature": (
        anthropic(400, "invalid_request_error",
                  "messages.1.content.0: Invalid `signature` in `thinking` block"),
        ["poisonedSession"]),
    "empty": (
        anthropic(400, "invalid_request_error", "messages: text content blocks must be non-empty"),
        ["poisonedSession"]),
    "image": (
        anthropic(400, "invalid_request_error", "messages.0.content.1.image.source.base64: image"
                  " exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes"), ["poisonedSession"]),
    "images": (
        anthropic(400, "invalid_request_error", "messages.4.content.1.image.source.base64.data: At"
                  " least one of the image dimensions exceed max allowed size for many-image"
                  " requests: 2000 pixels"), ["poisonedSession"]),
    "unreadable": (
        anthropic(400, "invalid_request_error", "Could not process image"), ["poisonedSession"]),
    "document": (
        anthropic(400, "invalid_request_error", "messages.0.content.0.pdf.source.base64.data: The"
                  " PDF specified was not valid."), ["poisonedSession"]),
    "previous": (
        anthropic(400, "invalid_request_error", "diagnostics.previous_message_id: must be the `id`"
                  " from a prior /v1/messages response (starts with `msg_`)"), ["poisonedSession"]),
    "json": (
        anthropic(400, "invalid_request_error", "The request body is not valid JSON: no low"
                  " surrogate in string: line 1 column 90210 (char 90209)"), ["poisonedSession"]),
    "unheard": (
        anthropic(400, "invalid_request_error", "frobnication is not possible here"),
        ["invalidRequest"]),
    "credit": (
        anthropic(400, "invalid_request_error", "Your credit balance is too low to access the"
                  " Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."),
        ["billing"]),
    "spending": (
        anthropic(402, "billing_error", "Monthly spend limit reached. Please visit your billing"
                  " settings."), ["billing"]),
    "model": (
        anthropic(404, "not_found_error", "model: claude-nothing-0"), ["modelNotFound"]),
    "large": (
        anthropic(413, "request_too_large", "Request exceeds the maximum size"),
        ["contextOverflow"]),
    "refusal": (None, ["refusal"]),
}

OPENAI = {
    "ok": (None, [None]),
    "unauthenticated": (
        openai(401, "Incorrect API key provided: x. You can find your API key at"
               " https://platform.openai.com/account/api-keys.", code="invalid_api_key"),
        ["authentication"]),
    "limited": (
        openai(429, "Rate limit reached for gpt-5 in organization org-x on tokens per min (TPM):"
               " Limit 30000, Used 30000, Requested 1000.", "tokens", "rate_limit_exceeded"),
        ["rateLimited"]),
    "plan": (
        openai(429, "The usage limit has been reached", "usage_limit_reached",
               resets_in_seconds=3600, plan_type="plus"), ["rateLimited"]),
    "quota": (
        openai(429, "You exceeded your current quota, please check your plan and billing details.",
               "insufficient_quota", "insufficient_quota"), ["billing"]),
    "broken": (
        openai(500, "The server had an error while processing your request. Sorry about that!",
               "server_error"), ["serverError", "overloaded"]),
    "busy": (
        openai(503, "The server is overloaded or not ready yet.", "server_error",
               "server_is_overloaded"), ["overloaded", "serverError"]),
    "long": (
        openai(400, "Your input exceeds the context window of this model. Please adjust your input"
               " and try again.", code="context_length_exceeded", param="input"),
        ["contextOverflow"]),
    "pairs": (
        openai(400, "No tool output found for function call call_abc123.", param="input"),
        ["poisonedSession"]),
    "encrypted": (
        openai(400, "The encrypted content gAAA could not be verified. Reason: Encrypted content"
               " could not be decrypted or parsed.", code="invalid_encrypted_content"),
        ["poisonedSession"]),
    "unheard": (openai(400, "frobnication is not possible here"), ["invalidRequest"]),
    "model": (
        openai(404, "The model `gpt-5` does not exist or you do not have access to it.",
               code="model_not_found"), ["modelNotFound"]),
    "stream-long": (
        ("context_length_exceeded", "Your input exceeds the context window of this model. Please"
         " adjust your input and try again."), ["contextOverflow"]),
    "stream-quota": (
        ("insufficient_quota", "You exceeded your current quota, please check your plan and billing"
         " details."), ["billing"]),
    "stream-busy": (
        ("server_is_overloaded", "Our servers are currently overloaded. Please try again later."),
        ["overloaded"]),
    "stream-limited": (
        ("rate_limit_exceeded", "Rate limit reached for gpt-5 on tokens per min (TPM). Please try"
         " again in 11.054s."), ["rateLimited"]),
}


def anthropic_stream(refuses):
    """The events of a turn that says `ok`, or of one that the model refuses."""
    message = {
        "id": "msg_01", "type": "message", "role": "assistant", "model": "claude-mock",
        "content": [], "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": 25, "cache_read_input_tokens": 4000,
                  "cache_creation_input_tokens": 300, "output_tokens": 1},
    }
    text = "I can" if refuses else "ok"
    reason = "refusal" if refuses else "end_turn"
    yield "message_start", {"message": message}
    yield "content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}
    yield "content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": text}}
    yield "content_block_stop", {"index": 0}
    yield "message_delta", {
        "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": {"output_tokens": 18}}
    yield "message_stop", {}


def openai_stream(failure):
    """The events of a turn that says `ok`, or of one that ends in a failure."""
    yield "response.created", {"response": {"id": "resp_1", "status": "in_progress"}}
    if failure:
        code, message = failure
        yield "response.failed", {
            "response": {"id": "resp_1", "status": "failed",
                         "error": {"code": code, "message": message}}}
        return
    item = {"type": "message", "id": "item_1", "role": "assistant",
            "content": [{"type": "output_text", "text": "ok", "annotations": []}]}
    yield "response.output_item.added", {"output_index": 0, "item": {**item, "content": []}}
    yield "response.output_text.delta", {"item_id": "item_1", "output_index": 0,
                                         "content_index": 0, "delta": "ok"}
    yield "response.output_item.done", {"output_index": 0, "item": item}
    yield "response.completed", {
        "response": {"id": "resp_1", "status": "completed", "output": [item],
                     "usage": {"input_tokens": 1234, "output_tokens": 5, "total_tokens": 1239,
                               "input_tokens_details": {"cached_tokens": 1000},
                               "output_tokens_details": {"reasoning_tokens": 0}}}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, headers=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def stream(self, events):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        for number, (name, data) in enumerate(events):
            line = json.dumps({"type": name, "sequence_number": number, **data})
            self.wfile.write(f"event: {name}\ndata: {line}\n\n".encode())
            self.wfile.flush()

    def do_GET(self):
        self.reply(404, {"error": {"message": "nothing here"}})

    def do_HEAD(self):
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.split("?")[0]
        answer = path.strip("/").split("/")[0]
        if path.endswith("/count_tokens"):
            return self.reply(200, {"input_tokens": 25})
        if answer == "hang":
            return time.sleep(600)
        if path.endswith("/messages"):
            failure = ANTHROPIC.get(answer, ANTHROPIC["ok"])[0]
            if failure:
                return self.reply(*failure)
            return self.stream(anthropic_stream(answer == "refusal"))
        if path.endswith("/responses"):
            failure = OPENAI.get(answer, OPENAI["ok"])[0]
            if failure and len(failure) == 3:
                return self.reply(*failure)
            return self.stream(openai_stream(failure))
        return self.reply(404, {"error": {"message": "nothing here"}})


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A CLI that goes away in the middle of an answer is nothing to tell."""


def serve():
    """Serves on a free port of loopback until the process ends; gives the port."""
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
