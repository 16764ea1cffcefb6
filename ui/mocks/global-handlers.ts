// The front door, mocked.
import { HttpResponse, http } from "msw";
import type { OrgSummary } from "../src/api/types.ts";
import { refuse } from "./reply.ts";
import { account, labelOf, user } from "./state.ts";

const COOKIE = { "set-cookie": "mock_app=1; Path=/; SameSite=Lax" };
const GONE = { "set-cookie": "mock_app=; Path=/; Max-Age=0" };
const isApp = (url: string) => labelOf(url) === "app";
const signedIn = (request: Request) => request.headers.get("cookie")?.includes("mock_app=1");

export const globalHandlers = [
  http.post("*/api/signup", async ({ request }) => {
    const body = (await request.json()) as { email: string; name: string };
    if (body.email.startsWith("taken")) return refuse(409, "email_taken", "This email is taken.");
    Object.assign(user, { email: body.email, name: body.name });
    account.orgs = [];
    return HttpResponse.json({ user, org: null }, { status: 201, headers: COOKIE });
  }),
  http.post("*/api/login", async ({ request }) => {
    const body = (await request.json()) as { email: string; password: string };
    if (body.password === "wrong") {
      return refuse(401, "bad_credentials", "Email or password is not right.");
    }
    if (account.orgs.length === 0) account.orgs = demoOrgs(request.url);
    return HttpResponse.json({ user }, { headers: COOKIE });
  }),
  http.post("*/api/logout", ({ request }) =>
    isApp(request.url) ? new HttpResponse(null, { status: 204, headers: GONE }) : undefined,
  ),
  http.get("*/api/me", ({ request }) =>
    signedIn(request)
      ? HttpResponse.json({ user, orgs: account.orgs })
      : refuse(401, "not_signed_in", "You are not signed in."),
  ),
  http.get<{ slug: string }>("*/api/slugs/:slug", ({ params: { slug } }) => {
    const taken = slug === "acme" || slug === "northwind";
    const invalid = slug.length < 3;
    return HttpResponse.json({
      slug,
      available: !taken && !invalid,
      reason: taken ? "taken" : invalid ? "invalid" : null,
      message: taken ? "This address is taken." : invalid ? "Use at least 3 characters." : null,
      suggestion: taken ? `${slug}-media` : null,
    });
  }),
  http.post("*/api/orgs", async ({ request }) => {
    const { name, slug } = (await request.json()) as { name: string; slug: string };
    const org = orgOf(request.url, `org_${slug}`, slug, name, "owner");
    account.orgs = [...account.orgs, org];
    account.readyAt.set(org.org_id, Date.now() + (slug.startsWith("wait") ? 600_000 : 700));
    return HttpResponse.json({ ...org, state: "provisioning" }, { status: 202 });
  }),
  http.get<{ id: string }>("*/api/orgs/:id", ({ params }) => {
    const org = account.orgs.find((item) => item.org_id === params.id);
    if (org === undefined) return refuse(404, "org_not_found", "No such organisation.");
    const ready = (account.readyAt.get(org.org_id) ?? 0) <= Date.now();
    return HttpResponse.json({ ...org, state: ready ? "active" : "provisioning" });
  }),
  http.post<{ id: string }>("*/api/orgs/:id/enter", async ({ params, request }) => {
    const org = account.orgs.find((item) => item.org_id === params.id);
    if (org === undefined) return refuse(404, "org_not_found", "No such organisation.");
    const { path = "/" } = (await request.json()) as { path?: string };
    const url = new URL("/auth/enter", org.url);
    url.searchParams.set("path", path);
    return HttpResponse.json({ url: url.href });
  }),
  http.get("*/auth/enter", ({ request }) => {
    const path = new URL(request.url).searchParams.get("path") ?? "/";
    const headers = { location: path, "set-cookie": "mock_org=1; Path=/; SameSite=Lax" };
    return new HttpResponse(null, { status: 303, headers });
  }),
];

function orgOf(url: string, id: string, slug: string, name: string, role: OrgSummary["role"]) {
  const org: OrgSummary = {
    org_id: id,
    slug,
    name,
    role,
    state: "active",
    url: new URL(url).origin.replace("app.", `${slug}.`),
    problem: null,
  };
  return org;
}

function demoOrgs(url: string): OrgSummary[] {
  return [
    orgOf(url, "org_demo", "northwind", "Northwind Media", "owner"),
    orgOf(url, "org_2", "halden", "Halden Bank in-house", "analyst"),
    orgOf(url, "org_3", "kestrel", "Kestrel Airways", "viewer"),
  ];
}
