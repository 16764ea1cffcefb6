// One bundle, two hosts: `app.<domain>` is the front door, `<slug>.<domain>` is an org.

export type Place = { kind: "front-door" } | { kind: "org"; slug: string };

export function placeOf(hostname: string): Place {
  const [first = ""] = hostname.toLowerCase().split(".");
  const hasLabelBeforeDomain = hostname.includes(".") && !/^[\d.]+$/.test(hostname);
  return first === "app" || !hasLabelBeforeDomain
    ? { kind: "front-door" }
    : { kind: "org", slug: first };
}

/** The front door's origin, worked out from an org's address (port and scheme kept). */
export function frontDoorOrigin(location: Pick<Location, "protocol" | "host">): string {
  const [, ...domain] = location.host.split(".");
  return domain.length === 0
    ? `${location.protocol}//${location.host}`
    : `${location.protocol}//app.${domain.join(".")}`;
}

/** What an org's address ends with, e.g. `.localhost:8080`, as seen from the front door. */
export function orgAddressSuffix(location: Pick<Location, "host">): string {
  const [first = "", ...domain] = location.host.split(".");
  return `.${domain.length === 0 ? first : domain.join(".")}`;
}
