// Bundles the live figures into udl_core/widgets/static/: one script, one stylesheet. `--check` compares instead of writing.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";

const out = new URL("../udl_core/widgets/static/", import.meta.url);
const palette = JSON.parse(await readFile(new URL("../udl_core/palette.json", import.meta.url), "utf8"));

const variables = (mode) => Object.entries(palette[mode]).map(([role, hex]) => `--udl-${role}:${hex};`).join("");
const colours =
  `:root{${variables("light")}}` +
  `html[data-theme="dark"],[data-jp-theme-light="false"]{${variables("dark")}}` +
  `@media print{html,html[data-theme="dark"],[data-jp-theme-light="false"]{${variables("light")}}}\n`;

const options = { bundle: true, minify: true, legalComments: "none", charset: "utf8", write: false, target: "es2022" };
const at = (path) => new URL(path, import.meta.url).pathname;
const [script, style] = await Promise.all([
  build({ ...options, entryPoints: [at("src/index.ts")], format: "esm" }),
  build({ ...options, entryPoints: [at("src/figure.css")] }),
]);
const files = { "udl.mjs": script.outputFiles[0].text, "udl.css": colours + style.outputFiles[0].text };

for (const [name, text] of Object.entries(files)) {
  const target = new URL(name, out);
  if (process.argv.includes("--check")) {
    if ((await readFile(target, "utf8").catch(() => "")) !== text) {
      console.error(`${name} is older than its sources: run "make bundle" and commit udl_core/widgets/static/`);
      process.exitCode = 1;
    }
  } else {
    await writeFile(target, text);
    console.log(`${name} ${(text.length / 1000).toFixed(1)} kB`);
  }
}
