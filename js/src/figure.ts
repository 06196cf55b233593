/** Where the figures that draw for themselves find the frame; it goes when the last of them is declared. */
export { Frame } from "./frame/frame.ts";
export type { Model } from "./frame/model.ts";
export * from "./frame/spec.ts";
