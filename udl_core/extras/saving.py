"""Networks in files: the architecture as text, φ as an array, in one `.npz` that holds no code."""

import os
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate, activations
from udl_core import layers as layers
from udl_core import models as models  # both only so that all networks exist by the time a file names one
from udl_core._validate import Array
from udl_core.network import Network

FORMAT = 1
"""Raised whenever older versions could no longer read what is written."""


def save(path: str | os.PathLike[str], net: Network, phi: npt.ArrayLike) -> None:
    """Write a network of this package and its parameters φ (P,) to a file, usually called `….npz`.

    The file is NumPy's `.npz`: `phi`, and the architecture as readable JSON. It appears whole or not at all, so an
    interrupted save leaves an older file as it was. Raises TypeError for networks that are not of this package, as
    `load` could not build them, ValueError if φ does not fit, and OSError where nothing can be written.
    """
    import json  # here, as zipfile below: what only files need would slow every import of the package

    phi = net.check_phi(phi)
    architecture = json.dumps({"format": FORMAT, "network": _describe(net)})
    if _build(json.loads(architecture)["network"]) != net:
        raise TypeError(f"the network would not come back as it is, so it cannot be saved: {net!r}")
    folder, name = os.path.split(os.fspath(path))
    part = os.path.join(folder, f".{name}.{os.urandom(4).hex()}.part")  # beside it: only then is a move one step
    try:
        with open(part, "xb") as file:
            np.savez(file, architecture=np.array(architecture), phi=phi)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)


def load(path: str | os.PathLike[str]) -> tuple[Network, Array]:
    """The network and φ (P,) that `save` wrote, φ in the dtype it had.

    Nothing in the file is run: it can only name this package's own layers and models. Raises ValueError, naming the
    file and what is wrong with it, if it is damaged, of another kind, or of a newer version; OSError, such as
    FileNotFoundError, if it cannot be read.
    """
    import json

    try:
        text, phi = _read(path)
        content = json.loads(text)
        if not isinstance(content, dict) or not isinstance(content.get("format"), int):
            raise _Wrong("its architecture has no format number")
        if content["format"] > FORMAT:
            raise _Wrong(f"it has format {content['format']}, newer than {FORMAT}: a newer udl_core is needed")
        net = _build(content.get("network"))
        if not isinstance(net, Network):
            raise _Wrong(f"its architecture is no network but {net!r}")
        return net, np.array(net.check_phi(phi))
    except _Wrong as wrong:
        raise ValueError(f"cannot load {os.fspath(path)}: {wrong}") from None
    except _damage() as error:
        raise ValueError(f"cannot load {os.fspath(path)}: it is damaged or of another kind ({error})") from error


class _Wrong(Exception):
    """What is wrong with a file."""


def _damage() -> tuple[type[Exception], ...]:
    """What reading bytes that are no such file can raise, here and in the libraries below."""
    from zipfile import BadZipFile
    from zlib import error

    return (
        ValueError, TypeError, EOFError, KeyError, RecursionError, MemoryError, OverflowError, NotImplementedError,
        RuntimeError, SyntaxError, BadZipFile, error,
    )  # fmt: skip


def _read(path: str | os.PathLike[str]) -> tuple[str, Array]:
    import zipfile

    with open(path, "rb") as file:
        if not zipfile.is_zipfile(file):
            raise _Wrong("it is no .npz file, or cut off")
        file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            if set(arrays.files) != {"architecture", "phi"}:
                raise _Wrong(f"it holds {', '.join(sorted(arrays.files)) or 'nothing'}, not architecture and phi")
            architecture, phi = arrays["architecture"], arrays["phi"]
    if not (isinstance(architecture, np.ndarray) and isinstance(phi, np.ndarray)):  # NumPy hands on foreign bytes
        raise _Wrong("it holds something else than arrays")
    if architecture.dtype.kind != "U" or architecture.ndim:
        raise _Wrong("its architecture is not text")
    if phi.dtype not in _validate.FLOATS:
        raise _Wrong(f"its phi is neither float32 nor float64 but {phi.dtype}")
    return architecture.item(), phi


def _describe(value: Any) -> Any:
    """A field of a network as what JSON can say."""
    if isinstance(value, Network):
        name = type(value).__name__
        if _classes().get(name) is not type(value):
            raise TypeError(f"only networks made of udl_core's own layers and models can be saved, not {value!r}")
        return {"network": name, "fields": {key: _describe(part) for key, part in _settings(value).items()}}
    if isinstance(value, activations.ActivationFunction):
        try:
            known = activations.get(value.name, **dict(value.parameters)) == value
        except (TypeError, ValueError):
            known = False
        if not known:
            raise TypeError(f"only the activations of the gallery can be saved, not one of your own called {value!r}")
        return {"activation": value.name, "parameters": dict(value.parameters)}
    if isinstance(value, tuple | list):
        return [_describe(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a network to be saved can hold numbers, text and networks, not {value!r}")


def _build(value: Any) -> Any:
    """The reverse of `_describe`."""
    if isinstance(value, list):
        return tuple(_build(part) for part in value)
    if not isinstance(value, dict):
        return value
    if set(value) == {"activation", "parameters"}:
        return activations.get(value["activation"], **value["parameters"])
    if set(value) != {"network", "fields"} or not isinstance(value["fields"], dict):
        raise _Wrong(f"its architecture has a part of unknown kind: {', '.join(map(str, value))}")
    name, settings = value["network"], {key: _build(part) for key, part in value["fields"].items()}
    if name not in _classes():
        raise _Wrong(f"it names a layer that this udl_core does not have: {name!r}")
    try:
        return _classes()[name](**settings)
    except (TypeError, ValueError) as error:
        raise _Wrong(f"no {name} can be built from {settings!r}: {error}") from None


def _settings(net: Network) -> dict[str, Any]:
    return {field.name: getattr(net, field.name) for field in fields(net) if field.init}  # type: ignore[arg-type]


def _classes() -> dict[str, type[Network]]:
    """The layers and models of this package by name: all that a file can ask for."""
    found = {cls.__name__: cls for cls in _subclasses(Network) if cls.__module__.split(".")[0] == "udl_core"}
    return {name: cls for name, cls in found.items() if not name.startswith("_")}  # what layers share is no layer


def _subclasses(cls: type[Any]) -> Iterator[type[Network]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)
