"""Train five small convolutional networks to read handwritten digits and let them vote: 98 % of new ones and more.

One architecture serves them all; they differ in their parameters, because start and order of the images were drawn
anew. Their mistakes differ too, so together they make fewer than most of them alone.

>>> *_, (own, together, answers) = train(networks=5)
>>> bool(own > 0.95), bool(together >= 0.98)
(True, True)
"""

import numpy as np

from udl_core import datasets, losses, optim, training
from udl_core.builders import convolutional_network

(X, Y), (X_TEST, Y_TEST) = datasets.digits()
NET = convolutional_network(8, 8, 1, channels=(16, 32), classes=10)


def train(networks, steps=500):
    """After each network: its share of right test answers, that of all so far together, and the answers (I,)."""
    adam = optim.Adam(lr=optim.cosine(0.005, steps))
    log_probability = 0.0
    for seed in range(networks):
        rng = np.random.default_rng(seed)
        phi = NET.init(rng, np.float32)
        settings = dict(reduction="mean", batch_size=64, rng=rng)
        phi = training.fit(NET, phi, X, Y, losses.categorical_nll, adam, steps, **settings).phi
        log_probability += losses.log_softmax(NET(X_TEST, phi))
        own = training.evaluate(NET, phi, X_TEST, Y_TEST, training.accuracy)
        yield own, training.accuracy(log_probability, Y_TEST), log_probability.argmax(axis=1)


def picture(image):
    """An image (8, 8, 1) in text, the more ink the darker."""
    return "\n".join("".join(" ░▒▓█"[round(4 * float(ink))] * 2 for ink in row) for row in image[:, :, 0])


if __name__ == "__main__":
    for k, (own, together, answers) in enumerate(train(networks=5), start=1):
        wrong = np.flatnonzero(answers != Y_TEST)
        print(
            f"network {k} reads {own:.1%} of {len(Y_TEST)} test images; all so far {together:.1%}, {len(wrong)} wrong"
        )
    for i in wrong[:3]:
        print(f"\nRead as {answers[i]}, meant as {Y_TEST[i]}:\n\n{picture(X_TEST[i])}")
