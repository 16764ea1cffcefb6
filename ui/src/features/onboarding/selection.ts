// Which advertisers are ticked: what the server says, until the person changes it.
import { useState } from "react";
import type { Advertiser } from "../../api/types.ts";

export type Selection = {
  has: (id: string) => boolean;
  set: (ids: readonly string[], on: boolean) => void;
};

export function useSelection(partnerId: string, items: readonly Advertiser[]): Selection {
  const [changes, setChanges] = useState<{ partnerId: string; ids: ReadonlySet<string> }>();
  const ids =
    changes?.partnerId === partnerId
      ? changes.ids
      : new Set(items.filter((item) => item.selected).map((item) => item.advertiser_id));
  return {
    has: (id) => ids.has(id),
    set: (wanted, on) => {
      const next = new Set(ids);
      for (const id of wanted) on ? next.add(id) : next.delete(id);
      setChanges({ partnerId, ids: next });
    },
  };
}
