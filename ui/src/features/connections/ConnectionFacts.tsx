import type { Connection } from "../../api/types.ts";
import { isDrop } from "../../lib/connections.ts";
import { instant } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, syncStatus } from "../../ui/Chip.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";

const SCOPES: Record<string, string> = {
  "https://www.googleapis.com/auth/display-video": "Display & Video 360 entities",
  "https://www.googleapis.com/auth/doubleclickbidmanager": "Reports",
  "https://www.googleapis.com/auth/userinfo.email": "Email address of the account",
  openid: "Identity of the account",
  email: "Email address of the account",
};

export function ConnectionFacts({ connection }: { connection: Connection }) {
  const drop = isDrop(connection);
  return (
    <Facts>
      {!drop && <Choice connection={connection} />}
      <Fact label="History">
        <AppLink to={org.syncs({ connection: connection.connection_id })}>
          Syncs of this connection
        </AppLink>
      </Fact>
      {!drop && <Consent connection={connection} />}
      <Fact label="Connected">{instant(connection.created_at)}</Fact>
      <Fact label="Connection id">
        <CopyText text={connection.connection_id} what="connection id" />
      </Fact>
    </Facts>
  );
}

function Choice({ connection }: { connection: Connection }) {
  const { last_sync: last } = connection;
  return (
    <>
      <Fact label="Partner">
        {connection.partner ? (
          <>
            {connection.partner.name}{" "}
            <CopyText text={connection.partner.partner_id} what="partner id" />
          </>
        ) : (
          "Not chosen"
        )}
      </Fact>
      <Fact label="Advertisers">{connection.advertisers_selected} selected</Fact>
      <Fact label="Last sync">
        {last ? (
          <span className="row">
            <Chip status={syncStatus(last.state)} />
            {last.finished_at && <RelativeTime at={last.finished_at} />}
            <AppLink to={org.sync(last.sync_id)}>Open</AppLink>
          </span>
        ) : (
          "Never"
        )}
      </Fact>
    </>
  );
}

function Consent({ connection }: { connection: Connection }) {
  return (
    <>
      <Fact label="May read">
        {[...new Set(connection.scopes.map((scope) => SCOPES[scope] ?? scope))].join(", ") || "–"}
      </Fact>
      <Fact label="Consent by">{connection.account_email ?? "–"}</Fact>
    </>
  );
}
