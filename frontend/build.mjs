// Builds rembug/static/build/: one stylesheet, two scripts (for everybody, and for who is signed in), the icons, the motifs and the font. No network.
// Run: node frontend/build.mjs [--watch]
import { build, context } from "esbuild";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../rembug/static/build");
const upTo = (n, from = 0) => Array.from({ length: n - from + 1 }, (_, i) => i + from);

// The Content-Security-Policy forbids inline styles, so a number reaches a bar through a class: .v62 { --v: 62 }.
const numberClasses = [
  ...["v", "lo", "hi", "r", "p"].map((name) => upTo(100).map((n) => `.${name}${n}{--${name}:${n}}`)),
  ...["x", "y", "w"].map((name) => upTo(12, 1).map((n) => `.${name}${n}{--${name}:${n}}`)),
  upTo(8, 1).map((n) => `.n${n}{--n:${n}}`),
  upTo(100).map((n) => `.f${n}{flex:${n} 0 0}`),
].flat(2).join("\n");

const numbers = {
  name: "numbers",
  setup(builder) {
    builder.onResolve({ filter: /^numbers$/ }, () => ({ path: "numbers", namespace: "numbers" }));
    builder.onLoad({ filter: /.*/, namespace: "numbers" }, () => ({ contents: numberClasses, loader: "css" }));
  },
};

// 2018 is the oldest browser a ketua RT may carry.
const options = {
  entryPoints: { rembug: join(here, "ts/main.ts"), work: join(here, "ts/work.ts") },
  bundle: true,
  minify: true,
  target: "chrome61",
  outdir: out,
  assetNames: "[name]",
  loader: { ".woff2": "file" },
  external: ["./motif-*"],
  nodePaths: [join(here, "../node_modules")],
  legalComments: "none",
  logLevel: "warning",
};

async function copyDrawings() {
  const drawn = (text) => text.replace(/<!--[\s\S]*?-->\s*/g, "").replace(/>\n</g, "><");
  await writeFile(join(out, "icons.svg"), drawn(await readFile(join(here, "icons.svg"), "utf8")));
  for (const name of await readdir(join(here, "motifs"))) await cp(join(here, "motifs", name), join(out, `motif-${name}`));
}

const css = {
  ...options,
  entryPoints: { rembug: join(here, "css/main.css") },
  plugins: [numbers],
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await copyDrawings();
if (process.argv.includes("--watch")) {
  for (const part of [options, css]) await (await context(part)).watch();
} else {
  await Promise.all([build({ ...options, format: "iife" }), build(css)]);
}
