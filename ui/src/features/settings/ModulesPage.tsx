// Every module: what it answers, whether it is on, and whose settings it has.
import { useQuery } from "@tanstack/react-query";
import { modulesQuery } from "../../api/modules.ts";
import type { ModuleItem } from "../../api/types.ts";
import { plural } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { plain } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { Page } from "../../ui/Page.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Settings.module.css";
import { moduleStatus } from "./status.ts";

export function ModulesPage() {
  const modules = useQuery(modulesQuery);
  const items = modules.data?.items;
  return (
    <Page
      title="Modules"
      context="What this organisation looks at its data with. Each runs by itself when data has moved."
    >
      {modules.error ? (
        <ErrorState
          error={modules.error}
          what="load the modules"
          onRetry={() => void modules.refetch()}
        />
      ) : (
        <TableFrame label="Modules, table">
          <table className={table.table} aria-busy={items === undefined}>
            <caption className="sr-only">Modules</caption>
            <thead>
              <tr>
                <th>Module</th>
                <th>State</th>
                <th>Settings</th>
                <th>What it answers</th>
              </tr>
            </thead>
            <tbody>
              {items?.map((item) => <Row key={item.module} item={item} />) ?? (
                <GhostRows rows={2} widths={[96, 56, 120, 320]} />
              )}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Page>
  );
}

function Row({ item }: { item: ModuleItem }) {
  return (
    <tr>
      <td>
        <AppLink to={org.module(item.module)} className={table.name}>
          {item.title}
        </AppLink>
      </td>
      <td>
        <Chip status={moduleStatus(item.enabled)} />
      </td>
      <td className="quiet">
        {item.template ? `${plain(item.template)} template` : "Standard"}
        {item.changed > 0 && `, ${plural(item.changed, "setting")} of your own`}
        {item.problems > 0 && `, ${plural(item.problems, "problem")}`}
      </td>
      <td className={`quiet ${classes.about}`} title={item.description}>
        {item.description}
      </td>
    </tr>
  );
}
