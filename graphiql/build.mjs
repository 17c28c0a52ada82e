// Bundles the page into the folder given as the only argument. build.py calls this.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const [outdir] = process.argv.slice(2);

const common = {
  assetNames: "[name]-[hash]",
  bundle: true,
  chunkNames: "chunk-[hash]",
  define: { "process.env.NODE_ENV": '"production"' },
  entryNames: "[name]-[hash]",
  legalComments: "linked",
  logLevel: "warning",
  metafile: true,
  minify: true,
  outdir,
  target: ["chrome111", "firefox113", "safari16.4"],
};

const outputOf = ({ metafile }, entryPoint) =>
  Object.entries(metafile.outputs).find(([, { entryPoint: source }]) => source === entryPoint);

const WORKERS = {
  editor: "node_modules/monaco-editor/esm/vs/editor/editor.worker.js",
  graphql: "node_modules/monaco-graphql/esm/graphql.worker.js",
  json: "node_modules/monaco-editor/esm/vs/language/json/json.worker.js",
};

const workers = await build({
  ...common,
  entryPoints: Object.entries(WORKERS).map(([name, source]) => ({ in: source, out: `${name}.worker` })),
  format: "iife",
});

const workerNames = Object.fromEntries(
  Object.entries(WORKERS).map(([name, source]) => [name, `./${basename(outputOf(workers, source)[0])}`]),
);

const page = await build({
  ...common,
  alias: {
    // The explorer asks for it with require(): one copy, or types of one are strangers to the other.
    graphql: "graphql/index.mjs",
    // The old names lead to files whose exports esbuild cannot see, and nothing would be prettified.
    "prettier/parser-babel": "prettier/plugins/babel",
    "prettier/parser-graphql": "prettier/plugins/graphql",
  },
  define: { ...common.define, __WORKERS__: JSON.stringify(workerNames) },
  entryPoints: ["src/main.jsx"],
  format: "esm",
  jsx: "automatic",
  loader: { ".graphql": "text", ".json": "text", ".svg": "file", ".ttf": "file", ".woff": "file", ".woff2": "file" },
  splitting: true,
});

const [script, { cssBundle }] = outputOf(page, "src/main.jsx");
const icon = Object.keys(page.metafile.outputs).find((name) => name.endsWith(".svg"));

for (const name of await readdir(outdir)) {
  if (/\.(css|js|svg|ttf)$/.test(name)) {
    await writeFile(join(outdir, `${name}.gz`), gzipSync(await readFile(join(outdir, name)), { level: 9 }));
  }
}

const manifest = { script: basename(script), style: basename(cssBundle), icon: basename(icon) };
await writeFile(join(outdir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
