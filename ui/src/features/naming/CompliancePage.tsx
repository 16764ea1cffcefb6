// How names stand: by level and advertiser, what is wrong most often, and how it went day by day.
import { Button, Select, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { complianceQuery } from "../../api/naming.ts";
import type { Compliance } from "../../api/types.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Naming.module.css";
import { Off } from "./Off.tsx";
import { Tabs } from "./Tabs.tsx";
import { Trend } from "./Trend.tsx";
import { brokenWords, levelWords } from "./words.ts";

export function CompliancePage() {
  const { advertiser }: Search = useSearch({ strict: false });
  const compliance = useQuery(complianceQuery(advertiser));
  const error = compliance.error;
  const off = error instanceof ApiError && error.code === "module_off";
  return (
    <Page title="Naming" context="Whether names say what this organisation agreed they shall say.">
      <Tabs current="overview" />
      {off ? (
        <Off />
      ) : error ? (
        <ErrorState
          error={error}
          what="load how names stand"
          onRetry={() => void compliance.refetch()}
        />
      ) : compliance.data === undefined ? (
        <div className="stack" aria-busy="true">
          <Skeleton height={84} radius={8} />
          <Skeleton height={200} radius={8} />
        </div>
      ) : (
        <Content compliance={compliance.data} advertiser={advertiser} />
      )}
    </Page>
  );
}

type ContentProps = { compliance: Compliance; advertiser: string | undefined };

function Content({ compliance, advertiser }: ContentProps) {
  const go = useGo();
  const { total, levels } = compliance;
  if (total.names === 0) {
    return (
      <EmptyState title="No names yet">
        They come with the first sync. <AppLink to={org.syncs()}>Syncs</AppLink>
      </EmptyState>
    );
  }
  if (total.checked === 0) {
    return (
      <EmptyState
        title="No convention yet"
        action={<Button onClick={() => go(org.learnNames())}>Learn from your names</Button>}
      >
        A naming convention says what a name is made of. {count(total.names)} names are here to
        learn one from; nothing is ever changed at the source.
      </EmptyState>
    );
  }
  return (
    <>
      <Advertisers compliance={compliance} value={advertiser} />
      <section className={classes.shares} aria-label="By level">
        <Share label="All names" share={total} to={org.names({ advertiser })} />
        {levels.map((one) => (
          <Share
            key={one.level}
            label={levelWords(one.level)}
            share={one}
            to={org.names({ level: one.level, advertiser })}
          />
        ))}
      </section>
      {compliance.days.length > 1 && <Trend days={compliance.days} />}
      <div className={classes.halves}>
        <Broken compliance={compliance} advertiser={advertiser} />
        <ByAdvertiser compliance={compliance} />
      </div>
    </>
  );
}

function Advertisers({ compliance, value }: { compliance: Compliance; value: string | undefined }) {
  const navigate = useNavigate();
  const known = compliance.advertisers.map((one) => ({
    value: one.advertiser_id,
    label: one.advertiser_name || one.advertiser_id,
  }));
  if (known.length < 2 && value === undefined) return null;
  return (
    <div className={classes.toolbar}>
      <Select
        data-wide
        aria-label="Advertiser"
        placeholder="All advertisers"
        clearable
        searchable
        data={known}
        value={value ?? null}
        onChange={(next) => void navigate({ to: ".", search: next ? { advertiser: next } : {} })}
      />
    </div>
  );
}

type ShareProps = { label: string; share: Compliance["total"]; to: string };

function Share({ label, share, to }: ShareProps) {
  const wrong = share.checked - share.compliant;
  return (
    <AppLink to={to} className={classes.share}>
      <span className="quiet small">{label}</span>
      <span className={classes.figure}>{share.percent ? `${share.percent} %` : "–"}</span>
      <span className="quieter tiny num">
        {share.checked === 0
          ? `${count(share.names)} names, no convention`
          : `${count(wrong)} of ${count(share.checked)} wrong`}
      </span>
    </AppLink>
  );
}

function Broken({ compliance, advertiser }: ContentProps) {
  return (
    <section className={classes.section} aria-labelledby="broken">
      <h2 id="broken">Wrong most often</h2>
      {compliance.broken.length === 0 ? (
        <p className="quiet">Every name that is checked is right.</p>
      ) : (
        <TableFrame label="Wrong most often, table">
          <table className={table.table}>
            <thead>
              <tr>
                <th>What</th>
                <th>Level</th>
                <th data-num>Names</th>
              </tr>
            </thead>
            <tbody>
              {compliance.broken.map(({ level, field, code, names }) => (
                <tr key={`${level} ${field} ${code}`}>
                  <td>
                    <AppLink
                      to={org.names({
                        level,
                        code,
                        ...(field ? { field } : {}),
                        ...(advertiser ? { advertiser } : {}),
                      })}
                      className={table.name}
                    >
                      {brokenWords(field, code)}
                    </AppLink>
                  </td>
                  <td className="quiet">{levelWords(level)}</td>
                  <td data-num>{count(names)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function ByAdvertiser({ compliance }: { compliance: Compliance }) {
  return (
    <section className={classes.section} aria-labelledby="advertisers">
      <h2 id="advertisers">By advertiser</h2>
      <TableFrame label="By advertiser, table">
        <table className={table.table}>
          <thead>
            <tr>
              <th>Advertiser</th>
              <th data-num>Right</th>
              <th data-num>Wrong</th>
            </tr>
          </thead>
          <tbody>
            {compliance.advertisers.map((one) => (
              <tr key={one.advertiser_id}>
                <td>
                  <AppLink to={org.names({ advertiser: one.advertiser_id })} className={table.name}>
                    {one.advertiser_name || one.advertiser_id}
                  </AppLink>
                </td>
                <td data-num>{one.percent ? `${one.percent} %` : "–"}</td>
                <td data-num>{count(one.checked - one.compliant)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
