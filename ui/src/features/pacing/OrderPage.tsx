// One insertion order: where it stands, why, and what it is made of.
import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ApiError } from "../../api/errors.ts";
import { orderQuery, whatIfQuery } from "../../api/pacing.ts";
import { freshnessQuery } from "../../api/session.ts";
import type { PacingDetail, PacingRow } from "../../api/types.ts";
import { dayRange, todayIn } from "../../lib/dates.ts";
import { type OrderSearch, org } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Chip, PACING } from "../../ui/Chip.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { DaysTable } from "./DaysTable.tsx";
import { ExplainPanel } from "./ExplainPanel.tsx";
import { explanationOf } from "./explain.ts";
import { KeyFigures } from "./KeyFigures.tsx";
import { LineagePanel } from "./LineagePanel.tsx";
import { LineItemsTable } from "./LineItemsTable.tsx";
import classes from "./OrderPage.module.css";
import { SegmentsTable } from "./SegmentsTable.tsx";
import { WhatIf } from "./WhatIf.tsx";
import { isSupposed, parseWhatIf, whatIfSearch } from "./what-if.ts";
import { basisOf } from "./words.ts";

const DeliveryChart = lazy(() => import("./DeliveryChart.tsx"));

export function OrderPage() {
  const { orderId = "" } = useParams({ strict: false }) as { orderId?: string };
  const order = useQuery(orderQuery(orderId));
  const above = <AppLink to={org.pacing()}>Pacing</AppLink>;
  if (order.data) {
    const { row } = order.data;
    return (
      <Page
        above={above}
        title={row.name}
        aside={<Chip status={PACING[row.status]} />}
        context={<Context row={row} />}
      >
        <Detail detail={order.data} />
      </Page>
    );
  }
  if (order.error instanceof ApiError && order.error.missing) {
    return (
      <Page above={above} title="Insertion order">
        <EmptyState title="No such insertion order">
          It is not among the advertisers read here. <AppLink to={org.pacing()}>All pacing</AppLink>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page above={above} title="Insertion order">
      {order.error ? (
        <ErrorState
          error={order.error}
          what="load this insertion order"
          onRetry={() => void order.refetch()}
        />
      ) : (
        <div className="stack" aria-busy="true">
          <Skeleton height={132} radius={8} />
          <Skeleton height={400} radius={8} />
        </div>
      )}
    </Page>
  );
}

function Detail({ detail }: { detail: PacingDetail }) {
  const go = useGo();
  const search: Search = useSearch({ strict: false });
  const freshness = useQuery(freshnessQuery);
  const { row } = detail;
  const explained = search.explain ? explanationOf(detail.explain, search.explain) : undefined;
  const zone = freshness.data?.items.find((item) => item.advertiser_id === row.advertiser_id);
  const wish = parseWhatIf(search);
  const supposed = useQuery({
    ...whatIfQuery(row.insertion_order_id, wish),
    enabled: isSupposed(wish) && row.start_date != null,
    placeholderData: keepPreviousData,
  });
  const at = (to: OrderSearch, options?: { replace: boolean }) =>
    go(org.insertionOrder(row.insertion_order_id, { ...whatIfSearch(wish), ...to }), options);
  const open = (key: string) => at({ explain: key });
  const trace = (to: OrderSearch, replace = false) => at(to, { replace });
  const close = () => at({}, { replace: true });
  const shown = isSupposed(wish) ? supposed.data : undefined;
  return (
    <>
      <KeyFigures detail={detail} onExplain={open} />
      <section className={classes.card} aria-labelledby="delivery">
        <div className={classes.cardHead}>
          <h2 id="delivery">Delivery against plan</h2>
          <p className="tiny quieter">
            {basisOf(row)}, cumulative, advertiser days
            {zone && ` (${zone.time_zone})`}
            {detail.calendar && `; days weighed by the calendar “${detail.calendar}”`}
          </p>
        </div>
        {row.start_date == null || detail.days.length === 0 ? (
          <p className={classes.none}>
            {row.start_date == null
              ? "There is no budget segment to draw a plan from."
              : "No delivery has been read for this segment yet."}
          </p>
        ) : (
          <Suspense fallback={<Skeleton className={classes.chart} />}>
            <DeliveryChart
              detail={detail}
              supposed={shown}
              today={todayIn(zone?.time_zone)}
              className={classes.chart}
            />
          </Suspense>
        )}
        {detail.days.length > 0 && (
          <DaysTable days={detail.days} row={row} onLineage={(date) => trace({ lineage: date })} />
        )}
      </section>
      {row.start_date != null && (
        <WhatIf
          row={row}
          wish={wish}
          onWish={(next) => at(whatIfSearch(next), { replace: true })}
          supposed={shown}
          problem={supposed.error?.message}
        />
      )}
      <SegmentsTable segments={detail.segments} row={row} />
      <LineItemsTable items={detail.line_items} row={row} />
      <ExplainPanel
        explanation={explained}
        detail={detail}
        onClose={close}
        onLineage={(date) => trace({ lineage: date })}
      />
      <LineagePanel
        detail={detail}
        date={search.lineage}
        open={search.line}
        onOpen={(line) => trace({ lineage: search.lineage, line }, true)}
        onClose={close}
      />
    </>
  );
}

function Context({ row }: { row: PacingRow }) {
  return (
    <span className={classes.context}>
      <span>{row.advertiser_name}</span>
      <span>{row.campaign_name}</span>
      {row.start_date && row.end_date && (
        <span className="num">
          {dayRange(row.start_date, row.end_date)}, day {row.days_elapsed} of {row.days_total}
        </span>
      )}
      <CopyText text={row.insertion_order_id} what="insertion order id" />
    </span>
  );
}
