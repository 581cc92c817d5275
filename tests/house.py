"""Finders for the rules of the house: each takes one file's text and returns the offences in it, as `line: what`."""

import ast
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from lxml import etree

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
CLOCKS = {
    *((owner, moment) for owner in ("datetime", "date") for moment in ("now", "utcnow", "today")),
    *(("time", moment) for moment in ("time", "time_ns", "localtime", "gmtime")),
}
UNIX_MODULES = {"crypt", "fcntl", "grp", "nis", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
# os: no forks, no users, no groups, no rights but read-only; signal: no hanging up, no alarms; select: sockets alone.
UNIX_NAMES = {
    "os": {
        *("fork", "forkpty", "register_at_fork", "wait", "wait3", "wait4", "killpg", "nice", "setsid", "uname"),
        *("chown", "fchown", "fchmod", "lchown", "chroot", "mkfifo", "mknod", "sysconf", "statvfs", "sync"),
        *("getuid", "geteuid", "getgid", "getegid", "setuid", "setgid", "getloadavg", "getpgid", "getpriority"),
        *("openpty", "pread", "pwrite", "sendfile", "set_blocking", "sched_getaffinity", "sched_setaffinity"),
    },
    "signal": {"SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGALRM", "SIGPIPE", "SIGQUIT", "alarm", "pause"},
    "select": {"poll", "epoll", "kqueue"},
}
GLIBC_DAY = re.compile(r"%-[a-zA-Z]")
UNRUN = {"skip", "skipif", "xfail", "importorskip"}
FOREIGN = re.compile(r"/(?:work|farm)/|/roo[t]/|\.\./shared|registry\.npmjs|files\.pythonhosted|deb\.debian")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=\s*[\"']|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
HIDDEN_WORDS = re.compile(r"\b(?:tokens?|gateways?|instances?|workflows?)\b", re.IGNORECASE)
SHOWN_KEYS = {"alt", "description", "hint", "label", "name", "text", "title", "tooltip"}
SHOWN_ELEMENTS = {"documentation", "text"}


@cache
def parsed(text: str) -> ast.Module:
    """A text as a tree, read once for all the rules."""
    return ast.parse(text)


def nodes(text: str, *said: str) -> Iterator[ast.AST]:
    """Everything a text is made of; nothing when it has none of these words, which costs no parsing."""
    if not any(word in text for word in said):
        return iter(())
    return ast.walk(parsed(text))


def commits(text: str) -> list[str]:
    """Calls of commit: only the transaction may end one."""
    return [
        f"{node.lineno}: commits"
        for node in nodes(text, "commit")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def blanket_catches(text: str) -> list[str]:
    """Handlers that catch everything, and so hide faults."""
    handlers = (node for node in nodes(text, "except:", "Exception") if isinstance(node, ast.ExceptHandler))
    return [f"{handler.lineno}: catches everything" for handler in handlers if _is_blanket(handler.type)]


def _is_blanket(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_blanket(part) for part in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def clocks(text: str) -> list[str]:
    """Readings of a clock, however the module was imported."""
    read = [
        f"{node.lineno}: reads the clock"
        for node in nodes(text, *(f".{moment}" for _, moment in CLOCKS))
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS
    ]
    taken = [
        f"{node.lineno}: takes the clock"
        for node in nodes(text, "import time", "from time")
        if isinstance(node, ast.ImportFrom) and any((node.module, alias.name) in CLOCKS for alias in node.names)
    ]
    return read + taken


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def mocks(text: str) -> list[str]:
    """Imports of the standard mocks: a test holds real things."""
    found = []
    for node in nodes(text, "mock"):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [f"{node.lineno}: mocks" for name in names if f"{name}.".startswith("unittest.mock.")]
    return found


def unrun_tests(text: str) -> list[str]:
    """Marks and calls by which a test does not run, or may fail unnoticed."""
    return [
        f"{node.lineno}: {node.attr}"
        for node in nodes(text, *UNRUN)
        if isinstance(node, ast.Attribute) and node.attr in UNRUN and _last_name(node.value) in {"mark", "pytest"}
    ]


def long_functions(text: str) -> list[str]:
    """Functions over the limit, counted from `def` to the last line."""
    lengths = ((f, (f.end_lineno or f.lineno) - f.lineno + 1) for f in _functions(parsed(text).body))
    return [f"{f.lineno}: {f.name} has {length} lines" for f, length in lengths if length > LONGEST_FUNCTION]


def _functions(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions stand among statements only, so the expressions, by far the most of a text, are passed over."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            for inner in getattr(statement, part, ()):
                yield from _functions([inner])


def long_file(text: str) -> list[str]:
    """The file, when it is over the limit."""
    lines = len(text.splitlines())
    return [f"{lines}: lines"] if lines > LONGEST_FILE else []


def hidden_imports(text: str) -> list[str]:
    """Imports inside a function, and those for types alone: either hides that two files need each other."""
    inside = [
        f"{node.lineno}: imports inside {function.name}"
        for function in _functions(parsed(text).body)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return inside + [
        f"{node.lineno}: imports for types alone"
        for node in nodes(text, "TYPE_CHECKING")
        if isinstance(node, ast.If) and _last_name(node.test) == "TYPE_CHECKING"
    ]


def classes(text: str) -> list[str]:
    """The names of the classes that stand by themselves."""
    return [node.name for node in parsed(text).body if isinstance(node, ast.ClassDef)]


def imported(text: str, modules: Collection[str]) -> set[str]:
    """Which of these modules a text imports."""
    found = set()
    for node in nodes(text, "import"):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules else node.module for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found.intersection(modules)


def circles(needs: Mapping[str, Collection[str]]) -> list[str]:
    """What needs itself by way of others: whatever is left once all that needs nothing has been taken away."""
    left = {name: set(needed) for name, needed in needs.items()}
    while free := [name for name, needed in left.items() if not needed]:
        for name in free:
            del left[name]
        for needed in left.values():
            needed.difference_update(free)
    return sorted(left)


def crowded(names: Iterable[str], most: int) -> list[str]:
    """Folders of more entries than these. What makes a folder a package does not count."""
    entries: dict[str, set[str]] = {}
    for name in names:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            entries.setdefault("/".join(parts[:depth]), set()).add(parts[depth])
    counted = {folder: len(found - {"__init__.py"}) for folder, found in entries.items()}
    return [f"{folder}: {count} entries" for folder, count in sorted(counted.items()) if count > most]


def unsaid_refusals(text: str, refusals: Collection[str]) -> list[str]:
    """Public functions that raise a refusal in their own body without naming it in their docstring."""
    if "raise " not in text:
        return []
    return [
        f"{function.lineno}: {function.name} does not say that it raises {name}"
        for function in _public(ast.parse(text).body)
        for name in sorted(_raised(function) & set(refusals))
        if name not in (ast.get_docstring(function) or "")
    ]


def _public(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public(node.body)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def _raised(node: ast.AST) -> set[str]:
    """The names of what is raised here, and not in a function inside."""
    if isinstance(node, ast.Raise) and node.exc:
        return {_last_name(node.exc.func if isinstance(node.exc, ast.Call) else node.exc) or ""}
    inside = (each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.FunctionDef | ast.Lambda))
    return set().union(*map(_raised, inside))


def undescribed(text: str) -> list[str]:
    """Functions without a docstring."""
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return [f"{each.lineno}: {each.name} says nothing of itself" for each in functions if not ast.get_docstring(each)]


def not_on_windows(text: str) -> list[str]:
    """What Windows lacks, unless the file asks first whether it is there: hasattr(os, "fork")."""
    found = []
    for node in nodes(text, "import", "open(", "_text(", "%-"):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module}
            found += [f"{node.lineno}: {name}" for name in names & UNIX_MODULES]
        elif isinstance(node, ast.Attribute) and node.attr in UNIX_NAMES.get(_last_name(node.value) or "", ()):
            found += [] if f'hasattr(os, "{node.attr}")' in text else [f"{node.lineno}: {node.attr}"]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and GLIBC_DAY.search(node.value):
            found.append(f"{node.lineno}: a format that glibc alone knows")
        elif isinstance(node, ast.Call) and _is_unencoded(node):
            found.append(f"{node.lineno}: a text file in whatever encoding the machine likes")
    return found


def _is_unencoded(call: ast.Call) -> bool:
    """Windows reads and writes cp1252 unless told otherwise."""
    if any(keyword.arg in {"encoding", None} for keyword in call.keywords):
        return False
    if isinstance(call.func, ast.Attribute) and call.func.attr in {"read_text", "write_text"}:
        return len(call.args) < (1 if call.func.attr == "read_text" else 2)
    modes = [arg.value for arg in call.args[1:2] if isinstance(arg, ast.Constant)]
    return isinstance(call.func, ast.Name) and call.func.id == "open" and "b" not in "".join(map(str, modes))


def missing_docstring(text: str) -> list[str]:
    """A module that does not say what it is for."""
    said = text.startswith('"""') or ast.get_docstring(parsed(text))
    return [] if said else ["1: no docstring"]


def foreign_paths(text: str) -> list[str]:
    """Paths of one machine and addresses of registries."""
    return [f"{_line(text, found)}: {found.group()}" for found in FOREIGN.finditer(text)]


def inline_code(text: str) -> list[str]:
    """Scripts, styles and handlers in a page: the content security policy would refuse them."""
    return [f"{_line(text, found)}: {found.group().strip()}" for found in INLINE.finditer(text)]


def hidden_words(seen: list[str]) -> list[str]:
    """Words of the machinery among what people see."""
    return [text.strip() for text in seen if HIDDEN_WORDS.search(text)]


def seen_in_template(source: str) -> list[str]:
    """What a template shows: text, attributes people hear or see, and sentences handed to components."""
    spoken = [
        literal[1:-1]
        for code in JINJA.findall(source)
        if not code.startswith("{#")
        for literal in re.findall(r'"[^"]*"|\'[^\']*\'', code)
        if " " in literal  # a sentence; single words are names and keys
    ]
    page = JINJA.sub(" ", source)
    attributes = re.findall(r"\s(?:alt|aria-label|placeholder|title)\s*=\s*\"([^\"]*)\"", page)
    return spoken + attributes + re.sub(r"<[^>]*>", "\n", page).splitlines()


def seen_in_xml(source: bytes) -> list[str]:
    """What a diagram or a decision table shows: names, labels, documentation and texts."""
    tree = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    names = [value for element in elements for key in ("name", "label") if (value := element.get(key))]
    texts = [element.text for element in elements if etree.QName(element).localname in SHOWN_ELEMENTS and element.text]
    return names + texts


def seen_in_json(source: str) -> list[str]:
    """What a form or a Block shows."""
    return list(_shown(json.loads(source)))


def _shown(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in SHOWN_KEYS:
                yield inner
            else:
                yield from _shown(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _shown(inner)


def seen_in_refusals(source: str) -> list[str]:
    """The sentences of the refusals: the docstrings of their classes."""
    classes = (node for node in ast.walk(parsed(source)) if isinstance(node, ast.ClassDef))
    return [sentence for node in classes if (sentence := ast.get_docstring(node))]


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1
