// Hidden columns in the address: none named means the defaults.
import { COLUMNS } from "./columns.tsx";

export function hiddenColumns(hide: string | undefined): ReadonlySet<string> {
  if (hide === undefined) {
    return new Set(COLUMNS.filter((column) => column.hidden).map((column) => column.id));
  }
  return new Set(hide.split(",").filter((id) => id !== "" && id !== "none"));
}
