// Renders the real app at an address, in jsdom, against the mocked API.
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { createQueryClient } from "../src/api/query-client.ts";
import type { Place } from "../src/lib/host.ts";
import { routerFor } from "../src/routes.tsx";
import { theme } from "../src/ui/theme.ts";

export function openApp(place: Place, path: string) {
  const router = routerFor(place);
  router.update({
    ...router.options,
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const queries = createQueryClient();
  queries.setDefaultOptions({ queries: { retry: false } });
  const view = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, router };
}
