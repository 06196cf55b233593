"""save and load: what comes back, what a broken or foreign file is told, and that no file can run anything."""

import io
import json
import os
import pickle
import zipfile
from dataclasses import dataclass

import numpy as np
import pytest

from udl_core import Deep, Linear, Shallow, activations
from udl_core.extras.saving import _subclasses
from udl_core.layers import (
    Activation,
    BatchNorm,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    LayerNorm,
    PositionEncoding,
    Residual,
    SelfAttention,
    Sequential,
)
from udl_core.network import Network
from udl_core.training import load, save

NETWORKS = {
    "Linear": Linear(2, 3),
    "Shallow": Shallow(2, 5, 3, activation=activations.get("leaky_relu", slope=0.01)),
    "Deep": Deep([2, 4, 4, 1], "swish"),
    "no parameters": Sequential([Flatten(), Activation("sine")]),
    "nested": Sequential(
        [
            Dense(2, 6),
            BatchNorm(6, epsilon=1e-3),
            Residual(Sequential([Dense(6, 6), Activation(activations.get("elu", alpha=1 / 3)), Dropout(0.3)])),
            Residual(Residual(Deep([6, 3, 6]))),
        ]
    ),
    "transformer": Sequential(
        [Embedding(11, 8), PositionEncoding(5, 8), Residual(Sequential([LayerNorm(8), SelfAttention(8, 2)]))]
    ),
}


@dataclass(frozen=True)
class Own(Linear):
    """A network of the reader's own."""


def phi_of(net, dtype=np.float64):
    return np.random.default_rng(0).standard_normal(net.n_params).astype(dtype)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.npz"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)
def test_a_network_comes_back_as_it_was(net, dtype, path):
    phi = phi_of(net, dtype)
    save(path, net, phi)
    again, phi_again = load(path)
    assert again == net
    assert repr(again) == repr(net)
    assert phi_again.dtype == dtype
    np.testing.assert_array_equal(phi_again, phi)
    assert again.parts == net.parts


def test_activations_keep_their_parameters(path):
    save(path, NETWORKS["Shallow"], phi_of(NETWORKS["Shallow"]))
    assert load(path)[0].activation.f(-1.0) == -0.01


def test_every_network_of_the_package_has_a_name_of_its_own():
    names = [cls.__name__ for cls in _subclasses(Network) if cls.__module__.startswith("udl_core.")]
    assert len(names) == len(set(names)) >= 12


def test_the_file_is_plain_numpy_and_readable_text(path):
    save(path, NETWORKS["Deep"], phi_of(NETWORKS["Deep"]))
    with np.load(path, allow_pickle=False) as arrays:
        architecture = json.loads(arrays["architecture"].item())
    assert architecture["format"] == 1
    assert architecture["network"]["network"] == "Deep"
    assert architecture["network"]["fields"]["widths"] == [2, 4, 4, 1]


def test_equal_networks_make_equal_files(path, tmp_path):
    for target in (path, tmp_path / "other"):  # no ending is added
        save(target, NETWORKS["nested"], phi_of(NETWORKS["nested"]))
    assert path.read_bytes() == (tmp_path / "other").read_bytes()


def test_a_save_that_fails_leaves_the_older_file_and_nothing_else(path, monkeypatch):
    save(path, Linear(1, 1), [1.0, 2.0])
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save(path, Linear(2, 2), np.zeros(6))
    assert load(path)[0] == Linear(1, 1)
    assert [file.name for file in path.parent.iterdir()] == ["net.npz"]


def test_a_network_of_ones_own_cannot_be_saved(path):
    for net in (Own(1, 1), Sequential([Own(1, 1)])):
        with pytest.raises(TypeError, match="only networks made of udl_core's own layers and models can be saved"):
            save(path, net, [0.0, 0.0])
    assert not path.exists()


def test_an_activation_of_ones_own_is_refused_before_anything_is_written(path):
    for name in ("own", "relu"):
        own = activations.ActivationFunction(name, f=np.sinh, df=np.cosh)
        for net in (Shallow(1, 2, 1, own), Sequential([Dense(1, 1), Activation(own)])):
            with pytest.raises(TypeError, match="only the activations of the gallery can be saved"):
                save(path, net, net.init(np.random.default_rng(0)))
    assert not path.exists()


def test_phi_must_fit(path):
    with pytest.raises(ValueError, match=r"phi must have shape \(P,\) = \(2,\), got \(3,\)"):
        save(path, Linear(1, 1), np.zeros(3))
    with pytest.raises(ValueError, match="phi must be finite"):
        save(path, Linear(1, 1), [0.0, np.nan])


def test_a_file_that_is_not_there_is_just_that(path):
    with pytest.raises(FileNotFoundError):
        load(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_off_is_said_to_be(share, path):
    save(path, NETWORKS["nested"], phi_of(NETWORKS["nested"]))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(ValueError, match=r"cannot load .*net\.npz: it is no \.npz file, or cut off"):
        load(path)


def test_no_flipped_byte_goes_unnoticed_or_raises_anything_else(path):
    net = Deep([1, 2, 1])
    save(path, net, phi_of(net))
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            again, phi = load(path)
        except ValueError as error:
            assert str(error).startswith(f"cannot load {path}")
        else:  # in a part of the frame that means nothing, such as a date
            assert again == net
            np.testing.assert_array_equal(phi, phi_of(net))


def forge(path, architecture=None, phi=(1.0, 2.0), **more):
    """A file with other content than `save` would write."""
    if architecture is None:
        architecture = {"format": 1, "network": linear(D_i=1, D_o=1)}
    text = architecture if isinstance(architecture, str) else json.dumps(architecture)
    with open(path, "wb") as file:
        np.savez(file, architecture=np.array(text), phi=np.asarray(phi), **more)


def linear(**fields):
    return {"network": "Linear", "fields": fields}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"architecture": {"format": 2, "anything": "else"}}, "it has format 2, newer than 1: a newer udl_core"),
        ({"architecture": {"network": linear(D_i=1, D_o=1)}}, "its architecture has no format number"),
        ({"architecture": [1]}, "its architecture has no format number"),
        ({"architecture": "{"}, "it is damaged or of another kind"),
        ({"architecture": "[" * 100_000}, "it is damaged or of another kind"),
        ({"architecture": {"format": 1, "network": 3}}, "its architecture is no network but 3"),
        ({"architecture": {"format": 1}}, "its architecture is no network but None"),
        ({"architecture": {"format": 1, "network": {"network": "Conv9d", "fields": {}}}},
         "it names a layer that this udl_core does not have: 'Conv9d'"),
        ({"architecture": {"format": 1, "network": {"network": "Own", "fields": {"D_i": 1, "D_o": 1}}}},
         "it names a layer that this udl_core does not have: 'Own'"),
        ({"architecture": {"format": 1, "network": {"network": "Network", "fields": {}}}}, "does not have: 'Network'"),
        ({"architecture": {"format": 1, "network": {"network": "_Max", "fields": {}}}, "phi": []}, "not have: '_Max'"),
        ({"architecture": {"format": 1, "network": {"network": ["os"], "fields": {}}}}, "it is damaged"),
        ({"architecture": {"format": 1, "network": {"import": "os", "call": "system"}}},
         "its architecture has a part of unknown kind: import, call"),
        ({"architecture": {"format": 1, "network": linear(D_i=1, D_out=1)}}, "no Linear can be built from"),
        ({"architecture": {"format": 1, "network": linear(D_i=0, D_o=1)}}, "D_i must be at least 1, got 0"),
        ({"architecture": {"format": 1, "network": {"network": "Activation", "fields": {
            "function": {"activation": "tansh", "parameters": {}}}}}}, "activation must be one of"),
        ({"architecture": {"format": 1, "network": linear(D_i=10**30, D_o=1)}}, "phi must have shape"),
        ({"phi": [1.0, 2.0, 3.0]}, "phi must have shape (P,) = (2,), got (3,)"),
        ({"phi": [1, 2]}, "its phi is neither float32 nor float64 but int64"),
        ({"phi": [1.0, np.inf]}, "phi must be finite"),
        ({"extra": np.zeros(3)}, "it holds architecture, extra, phi, not architecture and phi"),
    ],
)  # fmt: skip
def test_a_foreign_file_is_told_what_is_wrong_with_it(content, message, path):
    forge(path, **content)
    with pytest.raises(ValueError, match="cannot load") as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_other_kinds_of_file_are_told_apart(path):
    np.save(path.with_suffix(".npy"), np.zeros(3))
    path.with_suffix(".txt").write_text("phi = 3\n")
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    for suffix, message in (
        (".npy", "it is no .npz file"),
        (".txt", "it is no .npz file"),
        (".zip", "it holds readme.txt"),
    ):
        with pytest.raises(ValueError, match="cannot load") as caught:
            load(path.with_suffix(suffix))
        assert message in str(caught.value)


class Bomb:
    def __reduce__(self):
        return print, ("a loaded file has run code",)


@pytest.mark.parametrize("name", ["architecture", "phi"])
def test_a_pickle_inside_is_refused_and_not_run(name, path, capsys):
    forge(path)
    with np.load(path) as arrays:
        content = dict(arrays)
    content[name] = np.array(Bomb(), dtype=object)
    with open(path, "wb") as file:
        np.savez(file, **content)
    with pytest.raises(ValueError, match=r"cannot load .*allow_pickle=False"):
        load(path)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:  # bytes that are no array at all, but a pickle
        archive.writestr("architecture.npy", pickle.dumps(Bomb()))
        archive.writestr("phi.npy", pickle.dumps(Bomb()))
    path.write_bytes(raw.getvalue())
    with pytest.raises(ValueError, match="cannot load"):
        load(path)
    assert capsys.readouterr().out == ""


def test_a_header_that_promises_more_than_memory_holds_is_damage(path):
    raw = io.BytesIO()
    np.lib.format.write_array_header_1_0(raw, {"shape": (10**15,), "fortran_order": False, "descr": "<f8"})
    forge(path)
    with np.load(path) as arrays:
        architecture = arrays["architecture"]
    text = io.BytesIO()
    np.save(text, architecture)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("architecture.npy", text.getvalue())
        archive.writestr("phi.npy", raw.getvalue())
    with pytest.raises(ValueError, match="cannot load"):
        load(path)
