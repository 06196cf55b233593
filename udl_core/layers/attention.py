"""Self-attention: every token looks at the others and takes from each what it weighs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udl_core import _validate, init
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network


@dataclass(frozen=True)
class SelfAttention(Network):
    """Multi-head scaled dot-product self-attention (Prince, sections 12.2 and 12.3) on tokens (I, T, D).

    Every token x_t has in each of the H heads a query, a key and a value of D/H numbers, q = β_q + Ω_q x, k = β_k +
    Ω_k x, v = β_v + Ω_v x. In each head it takes Σ_m a[t, m] v_m, with the weights a[t, ·] = softmax_m[q_t · k_m /
    √(D/H)]. What the heads take is put side by side, and Ω_c combines it: y_t (D,).

    `causal=True` lets token t look at tokens up to t only (section 12.7). `mask` (I, T) in the call says which tokens
    are real: one that is padded gets weight 0 everywhere. Where nothing is left to look at, as in a sequence that is
    padded throughout, the weights are all 0, and so is y.

    `scaled=False` leaves out the division by √(D/H), as in section 12.2; `output=False` leaves out Ω_c: y is then what
    the heads take, side by side. A `trace` holds the attention weights as `a`.

    Parts: `beta_q`, `beta_k`, `beta_v` (D,), `omega_q`, `omega_k`, `omega_v`, `omega_c` (D, D), head h the rows
    h D/H, … of the first six and those columns of Ω_c. Weights start with variance 1/D: no ReLU follows. Raises
    ValueError if H does not divide D, ValueError or TypeError for sizes below 1 or not whole.
    """

    D: int
    H: int = 1
    causal: bool = False
    scaled: bool = True
    output: bool = True

    default_variance = staticmethod(init.lecun)

    def __post_init__(self) -> None:
        _validate.sizes(self, "D", "H")
        if self.D % self.H:
            raise ValueError(f"H must divide D = {self.D}, so that all heads are equally wide, got {self.H}")
        for name in ("causal", "scaled", "output"):
            _validate.flag(name, getattr(self, name))

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`beta_q`, `beta_k`, `beta_v` (D,), then `omega_q`, `omega_k`, `omega_v`, `omega_c` (D, D)."""
        betas = {f"beta_{name}": {"D": self.D} for name in "qkv"}
        return betas | {f"omega_{name}": {"D_o": self.D, "D": self.D} for name in self._matrices}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        return {f"omega_{name}": (self.D, self.D) for name in self._matrices}

    @property
    def _matrices(self) -> str:
        return "qkvc" if self.output else "qkv"

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "T": None, "D": self.D}

    def weights(self, x: npt.ArrayLike, phi: npt.ArrayLike, *, mask: npt.ArrayLike | None = None) -> Array:
        """The attention weights a (I, H, T, T): `[i, h, t, m]` is how much token t takes of token m in head h.

        Each row `[i, h, t]` sums to 1, or is 0 where nothing is left to look at. Raises the errors of a call.
        """
        x, phi, call = self.check_call(x, phi, None, mask)
        beta, omega = self._projection(phi)
        q, k, _ = self._heads(x.reshape(-1, self.D) @ omega.T + beta, x.shape)
        return self._weights(q, k, call)

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        rows = x.reshape(-1, self.D)
        beta, omega = self._projection(phi)
        omega_c = phi[3 * self.D * (1 + self.D) :].reshape(-1, self.D)

        qkv = rows @ omega.T
        qkv += beta
        q, k, v = self._heads(qkv, x.shape)
        a = self._weights(q, k, call)
        taken = np.empty_like(rows)  # Σ_m a v_m, the heads side by side: (I · T, D)
        (o,) = self._heads(taken, x.shape)
        np.matmul(a, v, out=o)
        y = taken @ omega_c.T if self.output else taken.copy()
        call.note("a", a)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dy_rows = dy.reshape(rows.shape)
            (do,) = self._heads(dy_rows @ omega_c if self.output else dy_rows, x.shape)
            dqkv = np.empty_like(qkv)
            dq, dk, dv = self._heads(dqkv, x.shape)
            np.matmul(a.swapaxes(-1, -2), do, out=dv)
            # the softmax makes dz = a (da − Σ_m a da) of da = do · v, and that sum is do · o
            dz = do @ v.swapaxes(-1, -2)
            dz -= np.einsum("ihtd,ihtd->iht", do, o)[..., None]
            dz *= a
            np.matmul(dz, k, out=dq)
            np.matmul(dz.swapaxes(-1, -2), q, out=dk)

            dbeta = np.ones(len(rows), dtype=phi.dtype) @ dqkv  # faster than a sum
            domega = dqkv.T @ rows
            for of_queries in (dbeta[: self.D], domega[: self.D]):
                of_queries *= self._scale
            domega_c = dy_rows.T @ taken if self.output else omega_c
            dphi = np.concatenate((dbeta, domega.ravel(), domega_c.ravel()))
            return (dqkv @ omega).reshape(x.shape) if need_dx else None, dphi

        return y.reshape(x.shape), back

    @property
    def _scale(self) -> float:
        """1 / √(D/H), which keeps q · k as large as the numbers in q and k."""
        return (self.H / self.D) ** 0.5 if self.scaled else 1.0

    def _projection(self, phi: Array) -> tuple[Array, Array]:
        """β_q, β_k, β_v in one (3D,) and Ω_q, Ω_k, Ω_v in one (3D, D), so that one product does; q's already scaled."""
        beta, omega = phi[: 3 * self.D].copy(), phi[3 * self.D : 3 * self.D * (1 + self.D)].reshape(-1, self.D).copy()
        for of_queries in (beta[: self.D], omega[: self.D]):
            of_queries *= self._scale
        return beta, omega

    def _heads(self, rows: Array, shape: tuple[int, ...]) -> Array:
        """Views of each head: (I · T, n D) to n times (I, H, T, D/H)."""
        I, T, D = shape  # noqa: E741 - the book's symbol
        return rows.reshape(I, T, rows.shape[1] // D, self.H, D // self.H).transpose(2, 0, 3, 1, 4)

    def _weights(self, q: Array, k: Array, call: Call) -> Array:
        """a (I, H, T, T) from queries and keys (I, H, T, D/H)."""
        z = q @ k.swapaxes(-1, -2)
        I, _, T, _ = z.shape  # noqa: E741 - the book's symbol
        if call.mask is not None and call.mask.shape != (I, T):  # a layer before has changed T
            raise ValueError(f"mask must have shape (I, T) = {(I, T)} of what attention sees, got {call.mask.shape}")
        visible = np.tri(T, dtype=np.bool_) if self.causal else None
        if call.mask is not None:
            real = call.mask[:, None, None, :]
            visible = real if visible is None else real & visible
        return softmax_over(z, visible)


def softmax_over(z: Array, visible: npt.NDArray[np.bool_] | None = None) -> Array:
    """exp[z_m] / Σ_m exp[z_m] along the last axis, written over z.

    What is not `visible`, which need only broadcast to z, gets 0, and so does a whole row of which nothing is visible.
    The largest z of each row is taken off first, so any finite z will do. That changes nothing in the quotient but
    takes time, and is left out where all |z| ≤ 50.

    >>> softmax_over(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    large = z.size and (z.max() > LARGE or z.min() < -LARGE)
    if visible is not None:
        z += np.where(visible, z.dtype.type(0), z.dtype.type(-np.inf))
    if large:
        z -= z.max(axis=-1, keepdims=True, initial=np.finfo(z.dtype).min)
    np.exp(z, out=z)
    total = z @ np.ones(z.shape[-1], dtype=z.dtype)  # faster than a sum over a short last axis
    total += total == 0
    z /= total[..., None]
    return z


LARGE = 50.0  # exp[±50], and a sum of a billion of them, fit in float32
