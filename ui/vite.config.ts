/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { mockApi } from "./mocks/plugin.ts";
import { compress } from "./scripts/compress.ts";
import { preload } from "./scripts/preload.ts";

// `vite --mode mock` answers the API from mocks/ inside the dev server, so no mock code
// is ever part of the bundle. Plain `vite` sends API calls to a running platform.
export default defineConfig(({ mode }) => ({
  plugins: [react(), preload(), compress(), ...(mode === "mock" ? [mockApi()] : [])],
  server: {
    host: "127.0.0.1",
    allowedHosts: [".localhost"],
    hmr: { overlay: false },
    ...(mode === "mock" ? {} : { proxy: platformProxy() }),
  },
  build: {
    target: "es2022",
    manifest: true,
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    // What the first page needs comes as one file, what pages share as one more: a browser fetches
    // six at a time, and on a slow line each costs a round trip.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "app", tags: ["$initial"], priority: 3 },
            { name: "shared", test: /src\/(api|lib|ui)\//, minShareCount: 2, priority: 2 },
            { name: "controls", test: /node_modules/, minShareCount: 4, priority: 1 },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://acme.localhost/" } },
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["mocks/vitest.setup.ts"],
    css: false,
    testTimeout: 30_000,
  },
}));

function platformProxy() {
  const target = process.env.CELLPLANE_URL ?? "http://127.0.0.1:8080";
  const options = { target, changeOrigin: false };
  return {
    "/api": options,
    "/auth": options,
    "/oauth": options,
    "/connections/dv360/callback": options,
  };
}
