// Compressed copies beside the bundle's files, made once at their best instead of at each request.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|html|svg)$/;
/** Smaller ones fit into one packet as they are. */
const LEAST_BYTES = 1_000;

export function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    writeBundle({ dir }, files) {
      for (const name of Object.keys(files)) {
        const path = join(dir ?? "dist", name);
        const bytes = TEXT.test(name) ? readFileSync(path) : Buffer.alloc(0);
        if (bytes.length < LEAST_BYTES) continue;
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: PARAMS(bytes) }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

const PARAMS = (bytes: Buffer) => ({
  [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
  [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
});
