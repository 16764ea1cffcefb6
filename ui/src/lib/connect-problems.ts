// What the consent journey can come back with (`?problem=`), and what to do about each.
export type ConnectProblem = { title: string; advice: string };

const PROBLEMS: Record<string, ConnectProblem> = {
  consent_denied: {
    title: "Access was not allowed.",
    advice:
      "Google reports that consent was declined. Connect again and choose Allow; access is read-only.",
  },
  consent_expired: {
    title: "The connection attempt expired.",
    advice: "It was started too long ago, or used already. Start it again here.",
  },
  consent_unknown: {
    title: "The connection attempt is not known here.",
    advice: "It was started in another browser or cut short. Start it again here.",
  },
  consent_failed: {
    title: "Google did not complete the consent.",
    advice: "Nothing was stored. Try again in a minute.",
  },
  missing_scopes: {
    title: "Part of the access was left out.",
    advice:
      "Reports and Display & Video 360 are both needed. Connect again and leave both boxes ticked.",
  },
  account_sees_nothing: {
    title: "This Google account sees none of the chosen advertisers.",
    advice:
      "The connection is as it was. Reconnect with an account that sees them, or ask a partner admin to give this one access.",
  },
  account_connected: {
    title: "This Google account has a connection of its own.",
    advice: "The connection is as it was. Use the account's own connection, or another account.",
  },
  connection_removed: {
    title: "The connection was removed in the meantime.",
    advice: "Nothing was stored. Connect anew.",
  },
  source_forbidden: {
    title: "This Google account may not read Display & Video 360.",
    advice:
      "Connect with an account that has access, or ask a partner admin to give this one read-only access.",
  },
  source_quota: {
    title: "Google's daily limit is used up.",
    advice: "Nothing was stored. It opens again at midnight Pacific time.",
  },
  source_unavailable: {
    title: "Google did not answer.",
    advice: "Nothing was stored. Try again in a minute.",
  },
};

export function connectProblem(code: string | undefined): ConnectProblem | null {
  if (code === undefined || code === "") return null;
  return (
    PROBLEMS[code] ?? {
      title: "The connection could not be completed.",
      advice: `Nothing was stored. Try again; if it persists, send us this code: ${code}.`,
    }
  );
}
