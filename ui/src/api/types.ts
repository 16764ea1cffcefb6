// Short names for the generated schemas; the one place that knows how they are called there.
import type { components as Cell } from "./schema.cell.d.ts";
import type { components as Global } from "./schema.global.d.ts";

type C = Cell["schemas"];
type G = Global["schemas"];

export type User = G["User"];
export type Me = G["Me"];
export type OrgSummary = G["OrgSummary"];
export type SlugAnswer = G["SlugAnswer"];

export type Session = C["Session"];
export type Problem = C["Problem"];
export type Connection = C["Connection"];
export type Partner = C["Partner"];
export type Advertiser = C["Advertiser"];
export type Sync = C["Sync"];
export type SyncState = C["SyncState"];
export type SyncAdvertiser = C["SyncAdvertiser"];
export type PacingStatus = C["PacingStatus"];
export type PacingRow = C["PacingRow"];
export type PacingList = C["PacingList"];
export type PacingTotal = C["PacingTotal"];
export type PacingDetail = C["PacingDetail"];
export type PacingDay = C["PacingDay"];
export type SegmentPacing = C["SegmentPacing"];
export type LinePacing = C["LinePacing"];
export type Explanation = C["Explanation"];
export type Freshness = C["Freshness"];
