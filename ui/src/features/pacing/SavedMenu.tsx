// Views and portfolios that the org keeps by name; a view is this page's address.
import { ActionIcon, Button, Modal, SegmentedControl, TextInput, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconBookmarks, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type NewSaved, removeSaved, save, savedQuery } from "../../api/pacing.ts";
import type { PacingRow, PacingSaved } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { plural } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { ErrorState } from "../../ui/States.tsx";
import classes from "./SavedMenu.module.css";
import type { PacingSearch } from "./search.ts";

type Props = { search: PacingSearch; rows: readonly PacingRow[] };

export function SavedMenu({ search, rows }: Props) {
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  return (
    <>
      <Tooltip label="Views and portfolios">
        <ActionIcon aria-label="Views and portfolios" onClick={() => setOpened(true)}>
          <IconBookmarks size={16} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={close} title="Views and portfolios" size={520}>
        <div className="stack">
          <Keep search={search} rows={rows} />
          <Kept onGo={close} />
          <div className={classes.share}>
            <span className="quiet">This page as it is, for anyone in your organisation</span>
            <CopyLink />
          </div>
        </div>
      </Modal>
    </>
  );
}

function CopyLink() {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <Button variant="default" onClick={() => clipboard.copy(window.location.href)}>
      {clipboard.copied ? "Copied" : "Copy link"}
    </Button>
  );
}

const VIEW = "view";
const PORTFOLIO = "portfolio";

function Keep({ search, rows }: Props) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState(VIEW);
  const queries = useQueryClient();
  const keep = useWrite((body: NewSaved, key: string) => save(body, key), {
    onSuccess: async () => {
      setName("");
      await queries.invalidateQueries({ queryKey: ["pacing"] });
    },
  });
  const orders = [...new Set(rows.map((row) => row.insertion_order_id).filter((id) => id !== ""))];
  const body = (): NewSaved =>
    kind === VIEW
      ? { name, view: { ...search } }
      : { name, portfolio: portfolioOf(search, orders) };
  return (
    <form
      className={classes.keep}
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate(body());
      }}
    >
      <SegmentedControl
        aria-label="What to keep"
        size="xs"
        value={kind}
        onChange={setKind}
        data={[
          { value: VIEW, label: "This view" },
          { value: PORTFOLIO, label: "These orders", disabled: orders.length === 0 },
        ]}
      />
      <div className={classes.line}>
        <TextInput
          aria-label="Name"
          placeholder={kind === VIEW ? "Name of the view" : "Name of the portfolio"}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === ""} loading={keep.isPending}>
          {kind === VIEW ? "Save view" : `Save ${plural(orders.length, "order")}`}
        </Button>
      </div>
      {keep.error && <FormError error={keep.error} />}
    </form>
  );
}

/** A filter by advertiser or campaign holds what comes later too; otherwise the orders shown. */
function portfolioOf(search: PacingSearch, orders: string[]) {
  const none = {
    advertiser_ids: [],
    campaign_ids: [],
    insertion_order_ids: [],
    name_contains: "",
  };
  if (search.status || search.search) return { ...none, insertion_order_ids: orders };
  if (search.campaign) return { ...none, campaign_ids: [search.campaign] };
  if (search.advertiser) return { ...none, advertiser_ids: [search.advertiser] };
  return { ...none, insertion_order_ids: orders };
}

function Kept({ onGo }: { onGo: () => void }) {
  const saved = useQuery(savedQuery);
  const queries = useQueryClient();
  const remove = useWrite((item: PacingSaved, key: string) => removeSaved(item, key), {
    onSuccess: () => queries.invalidateQueries({ queryKey: ["pacing"] }),
  });
  if (saved.error) {
    const again = () => void saved.refetch();
    return <ErrorState error={saved.error} what="load what is kept" onRetry={again} />;
  }
  if (saved.data === undefined) return <p className="quiet">Loading what is kept</p>;
  if (saved.data.items.length === 0) return <p className="quiet">Nothing is kept yet.</p>;
  return (
    <>
      <ul className={classes.kept}>
        {saved.data.items.map((item) => (
          <li key={item.saved_id}>
            <AppLink to={placeOf(item)} onClick={onGo}>
              {item.name}
            </AppLink>
            <span className="tiny quieter">{item.view ? "View" : "Portfolio"}</span>
            <ActionIcon
              aria-label={`Remove ${item.name}`}
              variant="subtle"
              onClick={() => remove.mutate(item)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {remove.error && <FormError error={remove.error} />}
    </>
  );
}

function placeOf(item: PacingSaved): string {
  return org.pacing(item.view ?? { portfolio: item.saved_id });
}
