// Links take the strings of lib/paths, so a link can never be spelled in a page.
import { Link, useNavigate } from "@tanstack/react-router";
import { type ComponentProps, type Ref, useCallback } from "react";
import { parseSearch } from "../lib/search.ts";

type Props = Omit<ComponentProps<"a">, "href"> & {
  to: string;
  /** Not current on the pages below it. */
  exact?: boolean;
  /** Current only where all of the address is the same, its parameters too. */
  whole?: boolean;
  ref?: Ref<HTMLAnchorElement>;
};

export function AppLink({ to, exact = false, whole = false, ...rest }: Props) {
  const active = { exact: exact || whole, includeSearch: whole };
  return <Link {...split(to)} activeOptions={active} {...rest} />;
}

/** Goes to a path of lib/paths; `replace` when the place left behind is no place to return to. */
export function useGo() {
  const navigate = useNavigate();
  return useCallback(
    (to: string, options: { replace?: boolean } = {}) => {
      void navigate({ ...split(to), ...options });
    },
    [navigate],
  );
}

export function split(path: string) {
  const [pathname = "/", query = ""] = path.split("?");
  return { to: pathname, search: parseSearch(query) };
}
