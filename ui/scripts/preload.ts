// Writes dist/preload.json: for each address the files of its page, and what it asks the API first. The
// services name them when they answer the address (libs/service-kit/src/ui/preload.rs).
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { ALWAYS, FIRST_REQUESTS } from "../src/first-requests.ts";

const ROUTE = /"(\/[^"]*)",\s*page\(\(\) => import\("\.\/(features\/[^"]+)"\)/g;

export function preload(): Plugin {
  return {
    name: "preload",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      type Chunk = (typeof chunks)[number];
      const named = (name: string) => chunks.find(({ fileName }) => fileName === name);
      const stylesOf = (chunk: Chunk) => [
        ...((chunk as { viteMetadata?: { importedCss: Set<string> } }).viteMetadata?.importedCss ??
          []),
      ];
      /** A chunk with everything that it loads before it can run. */
      const closure = (chunk: Chunk, seen = new Set<string>()): Set<string> => {
        if (seen.has(chunk.fileName)) return seen;
        seen.add(chunk.fileName);
        for (const style of stylesOf(chunk)) seen.add(style);
        for (const other of chunk.imports) {
          const next = named(other);
          if (next) closure(next, seen);
        }
        return seen;
      };
      // What the document names itself is fetched anyway.
      const entry = chunks.find((chunk) => chunk.isEntry);
      const known = entry ? closure(entry) : new Set<string>();
      const routes = [...readFileSync("src/routes.tsx", "utf8").matchAll(ROUTE)];
      const pages = routes.map(([, path = "", source = ""]) => {
        const chunk = chunks.find(({ facadeModuleId }) =>
          facadeModuleId?.endsWith(`/src/${source}`),
        );
        if (chunk === undefined) throw new Error(`no chunk was made of ${source}`);
        return {
          path,
          files: [...closure(chunk)].filter((file) => !known.has(file)),
          requests: FIRST_REQUESTS[path] ?? [],
        };
      });
      // An address spelt out comes before one with a name in its place.
      pages.sort((a, b) => Number(a.path.includes("$")) - Number(b.path.includes("$")));
      const of = (front: boolean) => pages.filter(({ path }) => isFrontDoor(path) === front);
      const list = {
        front_door: { always: ALWAYS.frontDoor, pages: of(true) },
        org: { always: ALWAYS.org, pages: of(false) },
      };
      this.emitFile({
        type: "asset",
        fileName: "preload.json",
        source: JSON.stringify(list),
      });
    },
  };
}

const isFrontDoor = (path: string) => /^\/(sign-|orgs)/.test(path);
