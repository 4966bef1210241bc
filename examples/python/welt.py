# SPDX-License-Identifier: 0BSD
"""libwelt in Python: link objects into a boot image.

    import welt

    linker = welt.Linker(layout="sector", output_name="boot.bin")
    linker.add_file("main.o")
    if linker.link():
        print(linker.get(welt.OUTPUT_SUMMARY).decode(), end="")
        image = linker.get(welt.OUTPUT_IMAGE)
    for diagnostic in linker.diagnostics:
        print(diagnostic.text)

Needs nothing but Python 3.9, libwelt.so and welt.h. Structs and enumerations are read from welt.h
when the module is imported, so that they are those of the library; what calls and fields mean is
said there. WELT_LIBRARY and WELT_HEADER name other ones than the system's, or those of the source
tree that ./demo built.

Keywords of Linker are the fields of welt_options: text, numbers, True, enumerators such as
welt.ICF_SAFE; lists for undefined, defsyms, warnings and the like; dicts for section_starts and
budgets, where None stands for the image. `read` and `progress` take the place of on_read and
on_progress: read(path) gives bytes or None, progress(step, done, total) something true to stop.
What they raise comes out of the call that called them.
"""
import collections
import ctypes
import ctypes.util
import os
import re

__all__ = ["Diagnostic", "Error", "Linker", "layouts", "layout_script", "version"]

# ---- welt.h ----

SIMPLE = {"size_t": ctypes.c_size_t, "uint64_t": ctypes.c_uint64, "uint32_t": ctypes.c_uint32,
          "int": ctypes.c_int, "unsigned": ctypes.c_uint, "void": None}


def _find_header():
    here = os.path.dirname(os.path.abspath(__file__))
    for path in (os.environ.get("WELT_HEADER"), os.path.join(here, "welt.h"),
                 os.path.join(here, "..", "..", "include", "welt.h"), "/usr/local/include/welt.h",
                 "/usr/include/welt.h"):
        if path and os.path.exists(path):
            return path
    raise ImportError("welt.h was not found: name it by WELT_HEADER")


def _read_enumerators(text):
    values = {}
    for body in re.findall(r"typedef enum \w+ \{(.*?)\}", text, re.S):
        following = 0
        for item in filter(None, (part.strip() for part in body.split(","))):
            name, _, value = (part.strip() for part in item.partition("="))
            values[name] = following = int(value, 0) if value else following
            following += 1
    return values


def _field_type(declared, stars, is_bytes, structs, enums):
    if stars == 1 and declared == "char" and not is_bytes:
        return ctypes.c_char_p
    if stars:
        return ctypes.c_void_p
    if declared in enums:
        return ctypes.c_uint
    return structs[declared] if declared in structs else SIMPLE[declared]


def _read_fields(body, structs, enums):
    for declaration in filter(None, (part.strip() for part in body.split(";"))):
        called = re.search(r"\(\*(\w+)\)", declaration)
        if called:
            yield called.group(1), ctypes.c_void_p
            continue
        words = re.sub(r"\b(const|struct|unsigned(?= char))\b", "", declaration)
        declared, names = re.match(r"\s*(\w+)(.*)", words, re.S).groups()
        for name in names.split(","):
            stars = name.count("*")
            made = _field_type(declared, stars, "unsigned char" in declaration, structs, enums)
            yield name.replace("*", "").strip(), made


def _read_header(path):
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    enums = set(re.findall(r"typedef enum (\w+)", text))
    structs = {}
    for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\} \w+;", text, re.S):
        fields = list(_read_fields(body, structs, enums))
        structs[name] = type(name, (ctypes.Structure,), {"_fields_": fields})
    return structs, _read_enumerators(text)


_structs, _enumerators = _read_header(_find_header())
for _name, _value in _enumerators.items():
    globals()[_name.removeprefix("WELT_")] = _value  # OUTPUT_IMAGE, ICF_SAFE, ...
_Options, _Bytes = _structs["welt_options"], _structs["welt_bytes"]
_Diagnostic = _structs["welt_diagnostic"]
_FIELDS = dict(_Options._fields_)
# Of a list, the field that counts it: `wraps` has wrap_count, `undefined` undefined_count.
_COUNTS = {name: count for name in _FIELDS for count in (name + "_count", name[:-1] + "_count")
           if count in _FIELDS}
_PAIRS = {"section_starts": _structs["welt_section_start"], "budgets": _structs["welt_budget"]}
_NOT_GIVEN = {"size", "allocator", "user", *_COUNTS.values()}

# ---- the library ----


def _find_library():
    built = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "release",
                         "lib", "libwelt.so")
    here = os.environ.get("WELT_LIBRARY") or ctypes.util.find_library("welt")
    if not here:
        here = built if os.path.exists(built) else "libwelt.so"
    try:
        return ctypes.CDLL(here)
    except OSError as error:
        raise ImportError(f"libwelt.so was not found: name it by WELT_LIBRARY ({error})") from None


_lib = _find_library()
for _name in ("welt_version", "welt_build_details", "welt_status_text", "welt_layout_name",
              "welt_layout_script"):
    getattr(_lib, _name).restype = ctypes.c_char_p
_lib.welt_layout_name.argtypes = [ctypes.c_size_t]
_lib.welt_span_count.restype = _lib.welt_region_count.restype = ctypes.c_size_t
_lib.welt_linker_free.restype = _lib.welt_cancel.restype = None

_OnDiagnostic = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Diagnostic))
_OnProgress = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t,
                               ctypes.c_size_t)
_OnRead = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p,
                           ctypes.POINTER(_Bytes))


class Error(Exception):
    """A status that is not about the input; its number is .status."""

    def __init__(self, status):
        super().__init__(_lib.welt_status_text(status).decode())
        self.status = status


def _encode(text):
    return os.fsencode(text) if text is not None else None


def _plain(value):
    """Text for bytes, and what is no text as it is."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _tuple_of(struct):
    """Its fields but for the first, which is the struct's own size."""
    names = [name for name, _ in struct._fields_[1:]]
    return collections.namedtuple(struct.__name__.removeprefix("welt_").title(), names)


Diagnostic, Span = _tuple_of(_Diagnostic), _tuple_of(_structs["welt_span"])
Region, Symbol = _tuple_of(_structs["welt_region"]), _tuple_of(_structs["welt_symbol"])


def _take(kind, struct):
    return kind(*[_plain(getattr(struct, name)) for name in kind._fields])


def version():
    return _lib.welt_version().decode()


def layouts():
    """The names of the built-in layouts."""
    names = []
    while (name := _lib.welt_layout_name(len(names))) is not None:
        names.append(name.decode())
    return names


def layout_script(name):
    script = _lib.welt_layout_script(_encode(name))
    return script.decode() if script is not None else None


# ---- a linker ----


class Linker:
    def __init__(self, *, read=None, progress=None, **options):
        self.diagnostics = []  # of the last link, and of outputs that were written since
        self._linker = ctypes.c_void_p()
        self._raised = None
        self._inputs = {}  # name -> bytes that the library must find where they are
        self._read, self._progress = read, progress
        self._callbacks = (_OnDiagnostic(self._hear), _OnProgress(self._step),
                           _OnRead(self._give))
        given = self._options(options)
        self._check(_lib.welt_linker_new(ctypes.byref(self._linker), ctypes.byref(given)))

    def __del__(self):
        self.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Frees the linker; again does nothing."""
        if getattr(self, "_linker", None):
            _lib.welt_linker_free(self._linker)
            self._linker = ctypes.c_void_p()

    # What the library points to must live until welt_linker_new() returns: ctypes keeps what an
    # array or a field was made of. ctypes would also take a number for a pointer, and any name for
    # an attribute, so both are looked at here.
    def _options(self, options):
        given = _Options(size=ctypes.sizeof(_Options))
        for name, value in options.items():
            if name not in _FIELDS or name in _NOT_GIVEN or name.startswith("on_"):
                raise TypeError(f"welt_options has no {name}")
            if name in _PAIRS:
                self._set_pairs(given, name, value)
            elif isinstance(value, (list, tuple)):
                self._set_texts(given, name, value)
            else:
                self._set_one(given, name, value)
        hear, step, give = self._callbacks
        given.on_diagnostic = ctypes.cast(hear, ctypes.c_void_p)
        given.on_progress = ctypes.cast(step, ctypes.c_void_p) if self._progress else None
        given.on_read = ctypes.cast(give, ctypes.c_void_p) if self._read else None
        return given

    def _set_one(self, given, name, value):
        is_text = isinstance(value, (str, bytes, os.PathLike))
        if value is None or (_FIELDS[name] is ctypes.c_char_p) != is_text or name in _COUNTS:
            raise TypeError(f"{name} cannot be {value!r}")
        setattr(given, name, _encode(value) if is_text else int(value))

    def _set_array(self, given, name, array):
        self._kept = getattr(self, "_kept", []) + [array]
        setattr(given, name, ctypes.cast(array, ctypes.c_void_p))
        setattr(given, _COUNTS[name], len(array))

    def _set_texts(self, given, name, texts):
        if name not in _COUNTS:
            raise TypeError(f"{name} is no list")
        self._set_array(given, name, (ctypes.c_char_p * len(texts))(*map(_encode, texts)))

    def _set_pairs(self, given, name, pairs):
        items = [(_encode(key), value) for key, value in pairs.items()]
        self._set_array(given, name, (_PAIRS[name] * len(items))(*items))

    # ---- callbacks: what they raise is kept, and raised when the library has returned ----

    def _hear(self, _, diagnostic):
        self.diagnostics.append(_take(Diagnostic, diagnostic.contents))

    def _step(self, _, step, done, total):
        try:
            return 1 if self._raised or self._progress(step.decode(), done, total) else 0
        except BaseException as raised:  # even KeyboardInterrupt
            self._raised = raised
            return 1

    def _give(self, _, path, result):
        try:
            content = self._read(os.fsdecode(path))
        except BaseException as raised:
            self._raised = raised
            _lib.welt_cancel(self._linker)
            return 1
        if content is None:
            return 1
        self._given = bytes(content)  # the library copies it before it asks again
        result.contents.data = ctypes.cast(self._given, ctypes.c_void_p).value
        result.contents.size = len(self._given)
        return 0

    def _check(self, status):
        """True for WELT_OK, False for WELT_FAILED."""
        raised, self._raised = self._raised, None
        if raised:
            raise raised
        if status not in (_enumerators["WELT_OK"], _enumerators["WELT_FAILED"]):
            raise Error(status)
        return status == _enumerators["WELT_OK"]

    # ---- inputs ----

    def add_file(self, path):
        self._check(_lib.welt_add_file(self._linker, _encode(path)))

    def add_bytes(self, name, data):
        kept = ctypes.create_string_buffer(bytes(data), len(data) or 1)
        self._check(_lib.welt_add_bytes(self._linker, _encode(name), kept,
                                        ctypes.c_size_t(len(data))))
        self._inputs.setdefault(os.fspath(name), []).append(kept)

    def replace_bytes(self, name, data):
        """Other bytes for the first input of this name; the next link() takes them."""
        kept = ctypes.create_string_buffer(bytes(data), len(data) or 1)
        self._check(_lib.welt_replace_bytes(self._linker, _encode(name), kept,
                                            ctypes.c_size_t(len(data))))
        self._inputs.setdefault(os.fspath(name), [None])[0:1] = [kept]

    def add_library(self, name):
        self._check(_lib.welt_add_library(self._linker, _encode(name)))

    def set_mode(self, mode, on):
        self._check(_lib.welt_set_mode(self._linker, mode, int(on)))

    # ---- linking ----

    def link(self):
        """True: linked. False: .diagnostics say what is wrong. Raises Error when stopped."""
        self.diagnostics = []
        return self._check(_lib.welt_link(self._linker))

    def cancel(self):
        """From any thread: ends the link that runs."""
        _lib.welt_cancel(self._linker)

    def get(self, output):
        result = _Bytes()
        if not self._check(_lib.welt_get(self._linker, output, ctypes.byref(result))):
            return None
        return ctypes.string_at(result.data, result.size)

    def write(self, output, path):
        return self._check(_lib.welt_write(self._linker, output, _encode(path)))

    # ---- the address map ----

    def _ask(self, call, kind, *arguments):
        struct = _structs["welt_" + kind.__name__.lower()]
        found = struct(struct_size=ctypes.sizeof(struct))
        if not self._check(call(self._linker, *arguments, ctypes.byref(found))):
            return None
        return _take(kind, found)

    def spans(self):
        count = _lib.welt_span_count(self._linker)
        return [self._ask(_lib.welt_span_at, Span, ctypes.c_size_t(i)) for i in range(count)]

    def regions(self):
        count = _lib.welt_region_count(self._linker)
        return [self._ask(_lib.welt_region_at, Region, ctypes.c_size_t(i)) for i in range(count)]

    def symbols(self):
        count = ctypes.c_size_t()
        self._check(_lib.welt_symbol_count(self._linker, ctypes.byref(count)))
        return [self._ask(_lib.welt_symbol_at, Symbol, ctypes.c_size_t(i))
                for i in range(count.value)]

    def symbol(self, name):
        """The symbol of this name, or None."""
        return self._ask(_lib.welt_symbol_named, Symbol, _encode(name))

    def symbol_at(self, address):
        """What is at this address, or None."""
        return self._ask(_lib.welt_symbol_covering, Symbol, ctypes.c_uint64(address))
