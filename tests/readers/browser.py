"""Chromium without a window, driven over its DevTools protocol through a pipe; nothing but the browser is needed.

`Browser` is a context with one page. Messages of the console, and errors of scripts, are kept in `errors`.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PACKAGE = "chromium"


def find():
    """The browser's path, None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Failure(Exception):
    """The browser refused a command, or did not answer."""


class Browser:
    def __init__(self, seconds=60):
        self.seconds, self.errors, self.events, self.n_sent, self.session = seconds, [], [], 0, None

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def connect():  # the browser reads commands from descriptor 3 and writes answers to 4
            high_in, high_out = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        command = [find(), "--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions",
                   "--disable-background-networking", "--disable-dev-shm-usage", "--hide-scrollbars",
                   "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")
        self.process = subprocess.Popen([*command, "about:blank"], preexec_fn=connect, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.input, self.output, self.buffer = ours_in, ours_out, b""
        try:
            target = self.send("Target.createTarget", url="about:blank")["targetId"]
            self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.send(f"{domain}.enable")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.input)
        os.close(self.output)
        self.profile.cleanup()

    def _receive(self, deadline):
        """The next message of the browser; None when there is none before the deadline."""
        while b"\0" not in self.buffer:
            if not select.select([self.input], [], [], max(0.0, deadline - time.monotonic()))[0]:
                return None
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise Failure("the browser has ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def _note(self, message):
        """Keep what the page complained of."""
        kind, about = message.get("method"), message.get("params", {})
        self.events.append(message)
        if kind == "Runtime.exceptionThrown":
            self.errors.append(about["exceptionDetails"].get("text", "exception"))
        elif kind == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning", "assert"):
            self.errors.append(str([argument.get("value") for argument in about["args"]]))
        elif kind == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
            self.errors.append(about["entry"]["text"])

    def send(self, method, **parameters):
        """Give a command and wait for its result."""
        self.n_sent += 1
        message = {"id": self.n_sent, "method": method, "params": parameters}
        if self.session is not None and not method.startswith("Target."):
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.output, data):]
        deadline = time.monotonic() + self.seconds
        while True:
            answer = self._receive(deadline)
            if answer is None:
                raise Failure(f"no answer to {method} in {self.seconds} s")
            if answer.get("id") == self.n_sent:
                if "error" in answer:
                    raise Failure(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def open(self, path, width, height=800, is_dark=False, medium="", has_scripts=True):
        """Open a file in a window of that size, and wait until it is there."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.emulate(is_dark, medium)
        self.send("Emulation.setScriptExecutionDisabled", value=not has_scripts)
        self.events.clear()
        self.send("Page.navigate", url="file://" + os.path.abspath(path))
        deadline = time.monotonic() + self.seconds
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            message = self._receive(deadline)
            if message is None:
                raise Failure(f"{path} did not load in {self.seconds} s")
            self._note(message)

    def emulate(self, is_dark, medium=""):
        """The reader's wish for light or dark, and the medium (screen or print)."""
        self.send("Emulation.setEmulatedMedia", media=medium, features=[
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}])

    def run(self, script):
        """The value of a JavaScript expression."""
        answer = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise Failure(answer["exceptionDetails"].get("exception", {}).get("description", script))
        return answer["result"].get("value")

    def point(self, x, y):
        """Move the mouse to a place in the window."""
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def press(self, key):
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def screenshot(self, path=None, whole=True):
        """A PNG of the page, or of what the window shows of it."""
        options = {}
        if whole:
            size = self.send("Page.getLayoutMetrics")["cssContentSize"]
            options = {"captureBeyondViewport": True,
                       "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}
        data = base64.b64decode(self.send("Page.captureScreenshot", format="png", **options)["data"])
        if path is not None:
            with open(path, "wb") as file:
                file.write(data)
        return data

    def pdf(self, path=None):
        """The page as it would be printed on A4."""
        answer = self.send("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69,
                           preferCSSPageSize=True)
        data = base64.b64decode(answer["data"])
        if path is not None:
            with open(path, "wb") as file:
                file.write(data)
        return data

    def requests(self):
        """The addresses that the page asked for, but itself."""
        urls = [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith("data:")][1:]
