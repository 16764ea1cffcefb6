import { waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openApp } from "../mocks/render.tsx";
import { server } from "../mocks/vitest.setup.ts";
import { ALWAYS, FIRST_REQUESTS } from "./first-requests.ts";

const acme = { kind: "org", slug: "acme" } as const;

it.each(Object.entries(FIRST_REQUESTS))(
  "%s asks for what is fetched ahead",
  async (path, ahead) => {
    const asked: string[] = [];
    const note = ({ request }: { request: Request }) => {
      const { pathname, search } = new URL(request.url);
      // A browser takes what it has fetched ahead only for a request that is alike in all its headers.
      expect([...request.headers.keys()]).toEqual([]);
      asked.push(pathname + search);
    };
    server.events.on("request:start", note);
    openApp(acme, path);
    await waitFor(() => expect(asked).toEqual(expect.arrayContaining([...ALWAYS.org, ...ahead])));
    server.events.removeListener("request:start", note);
  },
);
