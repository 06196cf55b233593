import { expect, test } from "vitest";
import { decodeLink, encodeLink } from "../src/link.ts";

const STATE = { phi: [0.1, -2e-9, 3], word: "ÿ≈φ" };

test("a link brings its state back", () => {
  expect(decodeLink(encodeLink("ten-parameters-2", 3, STATE))).toEqual({ name: "ten-parameters-2", version: 3, state: STATE });
});

test("a state of any length has a link, for the frame to judge", () => {
  const long = { y: Array.from({ length: 20_000 }, (_, k) => k / 7) };
  expect(decodeLink(encodeLink("window", 1, long))!.state).toEqual(long);
});

test("the equals sign may come encoded", () => {
  expect(decodeLink(encodeLink("window", 1, STATE).replace("=", "%3D"))).toEqual({ name: "window", version: 1, state: STATE });
});

test.each(["", "#", "#udl-ten-parameters", "#nothing-here", "#other=1.e30"])("%j is not one of ours", (fragment) => {
  expect(decodeLink(fragment)).toBeUndefined();
});

test.each(["=", "=garbage", "=v2.e30", "=.e30", "=1", "=1.", "=1.%%%", "=1.e30~", "=1.W10", "=1.bnVsbA"])(
  "whatever follows the name, %j is ours and has no state to show",
  (rest) => {
    const link = decodeLink(`#udl-ten-parameters${rest}`);
    expect(link?.name).toBe("ten-parameters");
    expect(link?.state === undefined || Number.isNaN(link.version)).toBe(true);
  },
);
