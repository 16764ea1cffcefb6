// Hidden columns in the address: none named means the defaults.
import type { PacingLevel } from "../../api/types.ts";
import { COLUMNS, columnsOf } from "./columns.tsx";

/** What a phone has room for without scrolling sideways; the rest is one tap away. */
const ON_PHONES: ReadonlySet<string> = new Set(["name", "pacing_percent", "at_risk_percent"]);

export function hiddenColumns(
  hide: string | undefined,
  phone = false,
  level?: PacingLevel,
): ReadonlySet<string> {
  const said = columnsOf(level).map(({ id }) => id);
  const hidden = chosen(hide, phone);
  return new Set(COLUMNS.map(({ id }) => id).filter((id) => hidden.has(id) || !said.includes(id)));
}

function chosen(hide: string | undefined, phone: boolean): ReadonlySet<string> {
  if (hide === undefined && phone) {
    return new Set(COLUMNS.map(({ id }) => id).filter((id) => !ON_PHONES.has(id)));
  }
  if (hide === undefined) {
    return new Set(COLUMNS.filter((column) => column.hidden).map((column) => column.id));
  }
  return new Set(hide.split(",").filter((id) => id !== "" && id !== "none"));
}
