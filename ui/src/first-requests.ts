// What pages ask the API first, by their address without a query. The server names it in the answer to
// the address itself, so the figures are on their way before any code runs here. A test opens each page
// and holds it to this list: what is fetched ahead and not used would only slow it down.

export const ALWAYS = {
  frontDoor: ["/api/me"],
  org: ["/api/session", "/api/freshness"],
} as const;

export const FIRST_REQUESTS: Record<string, readonly string[]> = {
  "/home": [
    "/api/attention",
    "/api/pacing/insertion-orders?sort=-at_risk_percent&limit=6",
    "/api/taxonomy/compliance",
  ],
  "/pacing": ["/api/pacing/insertion-orders?sort=-at_risk_percent&limit=200"],
  "/data/connections": ["/api/connections"],
  "/data/pipelines": ["/api/pipelines"],
  "/data/syncs": ["/api/syncs?limit=50"],
  "/data/quality": ["/api/data/freshness"],
  "/data/quarantine": ["/api/quarantine"],
  "/data/backfills": ["/api/backfills"],
  "/data/budgets": ["/api/budgets"],
  "/data/retention": ["/api/data/retention"],
};
