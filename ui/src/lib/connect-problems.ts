// What the consent journey can come back with (`?problem=`), and what to do about each.
export type ConnectProblem = { title: string; advice: string };

const PROBLEMS: Record<string, ConnectProblem> = {
  access_denied: {
    title: "Access was not allowed.",
    advice:
      "Google reports that consent was declined. Connect again and choose Allow; access is read-only.",
  },
  invalid_state: {
    title: "The connection attempt expired.",
    advice: "It was started too long ago or in another browser. Start it again here.",
  },
  missing_scope: {
    title: "Part of the access was left out.",
    advice:
      "Reports and Display & Video 360 are both needed. Connect again and leave both boxes ticked.",
  },
  no_partners: {
    title: "This Google account sees no Display & Video 360 partner.",
    advice:
      "Connect with an account that has access, or ask a partner admin to give this one read-only access.",
  },
  exchange_failed: {
    title: "Google did not confirm the connection.",
    advice: "Nothing was stored. Try again in a minute.",
  },
};

const ALIASES: Record<string, keyof typeof PROBLEMS> = {
  consent_denied: "access_denied",
  state_expired: "invalid_state",
  state_invalid: "invalid_state",
  bad_state: "invalid_state",
  scopes_missing: "missing_scope",
  missing_scopes: "missing_scope",
  token_exchange_failed: "exchange_failed",
};

export function connectProblem(code: string | undefined): ConnectProblem | null {
  if (code === undefined || code === "") return null;
  return (
    PROBLEMS[ALIASES[code] ?? code] ?? {
      title: "The connection could not be completed.",
      advice: `Nothing was stored. Try again; if it persists, send us this code: ${code}.`,
    }
  );
}
