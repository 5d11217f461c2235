// Makes dist/page.html of src/ and three.js: one file, in which the page's own policy lets nothing run or load but the
// script and the style that are in it. Written to the folder that is named.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

import { build } from "esbuild";

const folder = process.argv[2];
const read = (file) => readFileSync(new URL(file, import.meta.url), "utf8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const { version } = JSON.parse(read("node_modules/three/package.json"));
const licence = read("node_modules/three/LICENSE").replace("\u00a9", "(c)").trim();

const bundle = await build({
  entryPoints: [new URL("src/main.js", import.meta.url).pathname],
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: "es2022",
  legalComments: "none",
  banner: { js: `/* Contains three.js ${version}.\n\n${licence}\n*/` },
  write: false,
});
const script = bundle.outputFiles[0].text.trimEnd(), style = read("src/style.css").trimEnd();
if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error("the bundle would end its own element");
const policy =
  `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
const page = read("src/page.html")
  .replace("POLICY", () => policy)
  .replace("STYLE", () => style)
  .replace("SCRIPT", () => script);
writeFileSync(`${folder}/page.html`, page);
