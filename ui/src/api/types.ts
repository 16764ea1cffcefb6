// Short names for what the API answers. They follow the paths, not the names that the services
// give their schemas, so that a renamed schema changes nothing here.
import type { paths as CellPaths } from "./schema.cell.d.ts";
import type { paths as GlobalPaths } from "./schema.global.d.ts";

type Ok<Operation> = Operation extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;
type Cell<Path extends keyof CellPaths> = Ok<
  CellPaths[Path] extends { get: infer Get } ? Get : never
>;
type OkPost<Path extends keyof CellPaths> = Ok<
  CellPaths[Path] extends { post: infer Post } ? Post : never
>;
type Global<Path extends keyof GlobalPaths> = Ok<GlobalPaths[Path]["get"]>;

export type Me = Global<"/api/me">;
export type User = Me["user"];
export type OrgSummary = Global<"/api/orgs/{org_id}">;
export type SlugAnswer = Global<"/api/slugs/{slug}">;

export type Session = Cell<"/api/session">;
export type AttentionItem = Cell<"/api/attention">["items"][number];
export type Connection = Cell<"/api/connections/{connection_id}">;
export type DeliveredFile = Cell<"/api/connections/{connection_id}/files">["items"][number];
export type Advertiser = Cell<"/api/connections/{connection_id}/advertisers">["items"][number];
export type SyncDetail = Cell<"/api/syncs/{sync_id}">;
export type Sync = Cell<"/api/syncs">["items"][number];
export type SyncAdvertiser = Sync["advertisers"][number];

export type PacingList = Cell<"/api/pacing/insertion-orders">;
export type PacingRow = PacingList["items"][number];
export type PacingTotal = PacingList["totals"][number];
export type PacingDetail = Cell<"/api/pacing/insertion-orders/{insertion_order_id}">;
export type PacingDay = PacingDetail["days"][number];
export type SegmentPacing = PacingDetail["segments"][number];
export type LinePacing = PacingDetail["line_items"][number];
export type Explanation = PacingDetail["explain"][number];
export type PacingStatus = PacingRow["status"];
export type PacingLevel = PacingRow["level"];
export type PacingSaved = Cell<"/api/pacing/saved">["items"][number];
export type PacingSupposed = Cell<"/api/pacing/insertion-orders/{insertion_order_id}/what-if">;

export type PipelineItem = Cell<"/api/pipelines">["items"][number];
export type PipelineDetail = Cell<"/api/pipelines/{pipeline}">;
export type PipelineVersion = Cell<"/api/pipelines/{pipeline}/versions">["items"][number];
export type CalendarRow = Cell<"/api/data/calendar">["advertisers"][number];
export type CalendarDay = CalendarRow["days"][number];

export type FreshnessItem = Cell<"/api/data/freshness">["items"][number];
export type Reconciliation = Cell<"/api/data/reconciliation">;
export type FailingCell = Reconciliation["failing"][number];

export type QuarantineItem = Cell<"/api/quarantine">["items"][number];
export type QuarantineDetail = Cell<"/api/quarantine/{sync_id}">;

export type Backfill = Cell<"/api/backfills/{backfill_id}">;
export type Forecast = OkPost<"/api/backfills/forecast">;
export type Budgets = Cell<"/api/budgets">;
export type BudgetLine = Budgets["items"][number];
export type PipelineBudget = Budgets["pipelines"][number];
export type BudgetChange = Cell<"/api/budgets/changes">["items"][number];
export type RetentionLine = Cell<"/api/data/retention">["items"][number];
export type RetentionDrop = Cell<"/api/data/retention/drops">["items"][number];

export type Lineage = Cell<"/api/lineage/line-items/{dsp}/{line_item_id}/days/{date}">;

export type Found = Cell<"/api/search">["items"][number];

export type ConnectionHealth = Cell<"/api/connections/{connection_id}/health">;
export type DryRunAnswer = OkPost<"/api/pipelines/{pipeline}/dry-run">;

export type ModuleItem = Cell<"/api/modules">["items"][number];
export type ModuleDetail = Cell<"/api/modules/{module}">;
export type ModuleVersion = Cell<"/api/modules/{module}/versions">["items"][number];
export type ModuleTrialAnswer = OkPost<"/api/modules/{module}/preview">;
export type Finding = ModuleDetail["problems"][number];

export type Compliance = Cell<"/api/taxonomy/compliance">;
export type NamingName = Cell<"/api/taxonomy/names">["items"][number];
export type NamingLevel = NonNullable<ConventionEntry["convention"]>["level"];
export type ConventionEntry = Cell<"/api/taxonomy/conventions/{convention_id}">;
export type ConventionField = NonNullable<ConventionEntry["convention"]>["fields"][number];
export type ConventionVersion =
  Cell<"/api/taxonomy/conventions/{convention_id}/versions">["items"][number];
export type ConventionTrial = OkPost<"/api/taxonomy/conventions/preview">;
export type NamingProposal = Cell<"/api/taxonomy/proposal">;
export type Picklist = OkPost<"/api/taxonomy/picklists/read">;
