// what the tests use of Node, whose own types are 2 MB
declare module "node:fs" {
  export function existsSync(path: URL): boolean;
  export function readFileSync(path: URL, encoding: "utf8"): string;
  export function readdirSync(path: URL): string[];
  export function rmSync(path: URL, options: { recursive: boolean; force: boolean }): void;
}
declare module "node:child_process" {
  export function execFileSync(file: string, args: string[], options: { stdio: "inherit" }): void;
}
declare module "node:url" {
  export function fileURLToPath(url: URL): string;
}
