"""Self-attention: every token looks at the others and takes from each what it weighs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udl_core import _validate, init
from udl_core._network import Back, Call, Network
from udl_core._validate import Array, Axes


@dataclass(frozen=True)
class SelfAttention(Network):
    """Multi-head scaled dot-product self-attention (Prince, sections 12.2 and 12.3) on tokens (I, T, D).

    Every token x_t has in each of the H heads a query, a key and a value of D/H numbers, q = β_q + Ω_q x, k = β_k +
    Ω_k x, v = β_v + Ω_v x. In each head it takes Σ_m a[t, m] v_m, with the weights a[t, ·] = softmax_m[q_t · k_m /
    √(D/H)]. What the heads take is put side by side, and Ω_c combines it: y_t (D,).

    `causal=True` lets token t look at tokens up to t only (section 12.7). `mask` (I, T) in the call says which tokens
    are real: one that is padded gets weight 0 everywhere. Where nothing is left to look at, as in a sequence that is
    padded throughout, the weights are all 0, and so is y.

    Parts: `beta_q`, `beta_k`, `beta_v` (D,), `omega_q`, `omega_k`, `omega_v`, `omega_c` (D, D), head h the rows
    h D/H, … of the first six and those columns of Ω_c. Weights start with variance 1/D: no ReLU follows. Raises
    ValueError if H does not divide D, ValueError or TypeError for sizes below 1 or not whole.
    """

    D: int
    H: int = 1
    causal: bool = False

    default_variance = staticmethod(init.lecun)

    def __post_init__(self) -> None:
        _validate.sizes(self, "D", "H")
        if self.D % self.H:
            raise ValueError(f"H must divide D = {self.D}, so that all heads are equally wide, got {self.H}")
        if not isinstance(self.causal, bool):
            raise TypeError(f"causal must be True or False, got {self.causal!r}")

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`beta_q`, `beta_k`, `beta_v` (D,), then `omega_q`, `omega_k`, `omega_v`, `omega_c` (D, D)."""
        betas = {f"beta_{name}": {"D": self.D} for name in "qkv"}
        return betas | {f"omega_{name}": {"D_o": self.D, "D": self.D} for name in "qkvc"}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        return {f"omega_{name}": (self.D, self.D) for name in "qkvc"}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "T": None, "D": self.D}

    def weights(self, x: npt.ArrayLike, phi: npt.ArrayLike, *, mask: npt.ArrayLike | None = None) -> Array:
        """The attention weights a (I, H, T, T): `[i, h, t, m]` is how much token t takes of token m in head h.

        Each row `[i, h, t]` sums to 1, or is 0 where nothing is left to look at. Raises the errors of a call.
        """
        x, phi, call = self._arguments(x, phi, None, mask)
        q, k, _ = self._heads(self._projected(x, phi), x.shape)
        return self._attend(q, k, call)

    def _vjp(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        rows = x.reshape(-1, self.D)
        omega, omega_c = self._matrices(phi)
        qkv = self._projected(x, phi)
        q, k, v = self._heads(qkv, x.shape)
        a = self._attend(q, k, call)
        taken = np.empty_like(rows)  # Σ_m a v_m, the heads side by side: (I · T, D)
        (o,) = self._heads(taken, x.shape)
        np.matmul(a, v, out=o)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dy_rows = dy.reshape(rows.shape)
            (do,) = self._heads(dy_rows @ omega_c, x.shape)
            dqkv = np.empty_like(qkv)
            dq, dk, dv = self._heads(dqkv, x.shape)
            np.matmul(a.swapaxes(-1, -2), do, out=dv)
            dz = do @ v.swapaxes(-1, -2)  # so far da; the softmax makes dz = a (da − Σ_m a da), and that sum is do · o
            dz -= np.einsum("ihtd,ihtd->iht", do, o)[..., None]
            dz *= a
            np.matmul(dz, k, out=dq)
            np.matmul(dz.swapaxes(-1, -2), q, out=dk)
            dq *= self._scale

            dphi = np.empty_like(phi)
            domega, domega_c = self._matrices(dphi)
            np.sum(dqkv, axis=0, out=dphi[: 3 * self.D])
            np.matmul(dqkv.T, rows, out=domega)
            np.matmul(dy_rows.T, taken, out=domega_c)
            return (dqkv @ omega).reshape(x.shape) if need_dx else None, dphi

        return (taken @ omega_c.T).reshape(x.shape), back

    @property
    def _scale(self) -> float:
        return (self.H / self.D) ** 0.5

    def _matrices(self, phi: Array) -> tuple[Array, Array]:
        """Views into φ: Ω_q, Ω_k and Ω_v below each other (3D, D), so that one product does for three, and Ω_c."""
        both = phi[3 * self.D :].reshape(4 * self.D, self.D)
        return both[: 3 * self.D], both[3 * self.D :]

    def _projected(self, x: Array, phi: Array) -> Array:
        """Queries, already divided by √(D/H), keys and values side by side: (I · T, 3D)."""
        qkv = x.reshape(-1, self.D) @ self._matrices(phi)[0].T
        qkv += phi[: 3 * self.D]
        qkv[:, : self.D] *= self._scale
        return qkv

    def _heads(self, rows: Array, shape: tuple[int, ...]) -> Array:
        """Views of each head: (I · T, n D) to n times (I, H, T, D/H)."""
        I, T, D = shape  # noqa: E741 - the book's symbol
        return rows.reshape(I, T, rows.shape[1] // D, self.H, D // self.H).transpose(2, 0, 3, 1, 4)

    def _attend(self, q: Array, k: Array, call: Call) -> Array:
        """The weights a (I, H, T, T) from queries and keys (I, H, T, D/H)."""
        z = q @ k.swapaxes(-1, -2)
        T = z.shape[-1]
        visible = np.tri(T, dtype=np.bool_) if self.causal else None
        if call.mask is not None:
            real = call.mask[:, None, None, :]
            visible = real if visible is None else real & visible
        if visible is not None:
            z += np.where(visible, z.dtype.type(0), z.dtype.type(-np.inf))
        return softmax(z, out=z)


def softmax(z: Array, out: Array | None = None) -> Array:
    """exp[z_m] / Σ_m exp[z_m] along the last axis, for any finite z; −∞ gets 0, also where there is nothing else.

    >>> softmax(np.array([[0.0, 0.0], [1000.0, -np.inf], [-np.inf, -np.inf]]))
    array([[0.5, 0.5],
           [1. , 0. ],
           [0. , 0. ]])
    """
    largest = z.max(axis=-1, keepdims=True, initial=np.finfo(z.dtype).min)
    e = np.subtract(z, largest, out=out)
    np.exp(e, out=e)
    total = (e @ np.ones(e.shape[-1], dtype=e.dtype))[..., None]  # faster than a sum over a short last axis
    e /= np.where(total > 0, total, 1)
    return e
