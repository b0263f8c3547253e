"""Shows Reticle's values and ids in GDB as people write them.

    gdb -x tools/gdb/reticle.py --args build/debug/reticle-tests -tc='…'

`reticle::Value` prints as toText() does (12, "text", [1, 2], {"a": 1}, 2024-01-15T00:00:00Z, 1m30s, #7), and the typed ids
print with their kind (rule 3, fact 7, no fact). Reads memory only: nothing of the program is called, so it works on a core
file too, and in a program that has stopped anywhere.

The layout is that of engine/include/reticle/value.h and engine/src/base/value.cpp; when one of these changes, tests/cli/gdb.test.mjs
fails.
"""
import datetime
import math
import re

import gdb
import gdb.printing

# ORDER: ValueKind in reticle/value.h
KINDS = ["Null", "Bool", "Int", "Double", "String", "Bytes", "List", "Map", "Timestamp", "Duration", "Type", "Fact", "Error", "Optional", "Uint"]

# After `Shared` (references, size, hash) a text has its bytes; a list, a map or an error its members.
HEAD = 16
VALUE = 16          # bytes of a Value
MOST_ITEMS = 100    # shown of one list or map
MOST_BYTES = 2000   # shown of one text
DEEPEST = 12        # lists and maps inside each other


def read(address, size):
    """The bytes at an address."""
    return bytes(gdb.selected_inferior().read_memory(address, size))


def number(address, size, signed=False):
    return int.from_bytes(read(address, size), "little", signed=signed)


class Memory:
    """One Value in memory: uint8 kind, uint32 extra at 4, eight bytes of payload at 8."""

    def __init__(self, address):
        self.address = address
        kind = number(address, 1)
        self.kind = KINDS[kind] if kind < len(KINDS) else None
        self.extra = number(address + 4, 4)
        self.payload = number(address + 8, 8, signed=True)
        self.shared = number(address + 8, 8)

    def text(self):
        """The bytes of a String, Bytes or Type, and whether some were left out."""
        size = number(self.shared + 4, 4)
        return read(self.shared + HEAD, min(size, MOST_BYTES)), size > MOST_BYTES

    def elements(self, size):
        """The addresses of the elements of the std::vector behind the head, `size` bytes each."""
        begin, end = number(self.shared + HEAD, 8), number(self.shared + HEAD + 8, 8)
        return range(begin, end, size)


def quoted(text):
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(c) or (c if c.isprintable() else "\\u%04x" % ord(c)) for c in text) + '"'


def quoted_bytes(data):
    return 'b"' + "".join("\\" + chr(c) if c in b'"\\' else chr(c) if 0x20 <= c < 0x7F else "\\x%02x" % c for c in data) + '"'


def fraction(nanos, digits):
    return ("." + str(nanos).rjust(digits, "0").rstrip("0")) if nanos else ""


def timestamp(seconds, nanos):
    try:
        day = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return "timestamp of %d s" % seconds
    digits = 3 if nanos % 1000000 == 0 else 6 if nanos % 1000 == 0 else 9
    part = "." + str(nanos).rjust(9, "0")[:digits] if nanos else ""
    return "%04d-%02d-%02dT%02d:%02d:%02d%sZ" % (day.year, day.month, day.day, day.hour, day.minute, day.second, part)


def duration(seconds, nanos):
    if seconds == 0 and nanos == 0:
        return "0s"
    sign = "-" if seconds < 0 or nanos < 0 else ""
    seconds, nanos = abs(seconds), abs(nanos)
    if seconds == 0:
        unit, name, digits = (1000000, "ms", 6) if nanos >= 1000000 else (1000, "us", 3) if nanos >= 1000 else (1, "ns", 0)
        return sign + str(nanos // unit) + fraction(nanos % unit, digits) + name
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m")]
    text = "".join("%d%s" % part for part in parts if part[0])
    if seconds % 60 or nanos:
        text += str(seconds % 60) + fraction(nanos, 9) + "s"
    return sign + text


def real(payload):
    value = gdb.Value(payload.to_bytes(8, "little", signed=True), gdb.lookup_type("double"))
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    return re.sub(r"e([+-])0*", r"e\1", text)


def listed(shown, total):
    if total > len(shown):
        shown.append("… %d in all" % total)
    return ", ".join(shown)


def show(address, depth=0):
    """The value at an address, as toText() writes it."""
    value = Memory(address)
    kind = value.kind
    if kind is None:
        return "<no value: kind %d>" % number(address, 1)
    if kind == "Null":
        return "null"
    if kind == "Bool":
        return "true" if value.payload else "false"
    if kind == "Int":
        return str(value.payload)
    if kind == "Uint":
        return "%du" % (value.payload & 0xFFFFFFFFFFFFFFFF)
    if kind == "Double":
        return real(value.payload)
    if kind == "Fact":
        return "#%d" % value.payload
    if kind == "Timestamp":
        return timestamp(value.payload, value.extra)
    if kind == "Duration":
        return duration(value.payload, value.extra - (1 << 32) if value.extra & 0x80000000 else value.extra)
    if kind in ("String", "Bytes", "Type"):
        data, cut = value.text()
        text = data.decode("utf-8", "backslashreplace")
        shown = quoted_bytes(data) if kind == "Bytes" else text if kind == "Type" else quoted(text)
        return shown + ("…" if cut else "")
    if kind == "Error":
        # Two std::string behind the head: a pointer to the characters and their number, 32 bytes each.
        code, message = (read(number(at, 8), number(at + 8, 8)).decode("utf-8", "backslashreplace")
                         for at in (value.shared + HEAD, value.shared + HEAD + 32))
        return "%s: %s" % (code, message)
    if kind == "Optional":
        if value.extra == 0:
            return "optional.none()"
        return "optional.of(%s)" % show(value.elements(VALUE)[0], depth + 1)
    if depth >= DEEPEST:
        return "[…]" if kind == "List" else "{…}"
    if kind == "List":
        items = value.elements(VALUE)
        return "[%s]" % listed([show(at, depth + 1) for at in items[:MOST_ITEMS]], len(items))
    entries = value.elements(2 * VALUE)
    return "{%s}" % listed(["%s: %s" % (show(at, depth + 1), show(at + VALUE, depth + 1)) for at in entries[:MOST_ITEMS]], len(entries))


class ValuePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        if self.value.address is None:
            return "<a Value in registers>"
        try:
            return show(int(self.value.address))
        except gdb.MemoryError:
            return "<a Value that points nowhere: not made yet, or gone>"


# How ids of each kind are named; positions from 0 have `none` in all ones, numbers of a session have it in 0.
POSITIONS = {"TypeId": "type", "FieldId": "field", "RuleId": "rule", "FlowId": "flow", "FunctionId": "function", "QueryId": "query", "NodeId": "node",
             "TokenId": "token"}
NUMBERS = {"FactId": "fact", "ActivationId": "activation", "RunId": "run", "TimerId": "timer"}


class IdPrinter:
    def __init__(self, value, noun, none):
        self.number = int(value.cast(gdb.lookup_type("unsigned int")))
        self.noun, self.none = noun, none

    def to_string(self):
        return "no " + self.noun if self.number == self.none else "%s %d" % (self.noun, self.number)


def printers():
    found = gdb.printing.RegexpCollectionPrettyPrinter("reticle")
    found.add_printer("Value", "^reticle::Value$", ValuePrinter)
    for names, none in ((POSITIONS, 0xFFFFFFFF), (NUMBERS, 0)):
        for name, noun in names.items():
            found.add_printer(name, "^reticle::%s$" % name, lambda value, noun=noun, none=none: IdPrinter(value, noun, none))
    return found


gdb.printing.register_pretty_printer(None, printers(), replace=True)
