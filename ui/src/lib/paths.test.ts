import { expect, it } from "vitest";
import { frontDoor, org, safePath } from "./paths.ts";

it("builds every link", () => {
  expect({
    front: [
      frontDoor.root(),
      frontDoor.signUp(),
      frontDoor.signUpOrganisation(),
      frontDoor.signIn(),
      frontDoor.signIn({ org: "acme", path: "/pacing?status=behind" }),
      frontDoor.orgs(),
      frontDoor.openOrg("org_1", "/pacing"),
    ],
    org: [
      org.root(),
      org.pacing(),
      org.pacing({ status: "behind", search: "A & B" }),
      org.insertionOrder("10/1"),
      org.insertionOrder("101", { explain: "pacing_percent" }),
      org.connections(),
      org.connection("conn_1"),
      org.syncs(),
      org.syncs({ connection: "conn_1" }),
      org.sync("sync_1"),
      org.onboardingConnect(),
      org.onboardingAdvertisers("conn_1"),
      org.onboardingProgress("sync_1"),
    ],
  }).toMatchInlineSnapshot(`
    {
      "front": [
        "/",
        "/sign-up",
        "/sign-up/organisation",
        "/sign-in",
        "/sign-in?org=acme&path=%2Fpacing%3Fstatus%3Dbehind",
        "/orgs",
        "/orgs/org_1?path=%2Fpacing",
      ],
      "org": [
        "/",
        "/pacing",
        "/pacing?status=behind&search=A+%26+B",
        "/pacing/10%2F1",
        "/pacing/101?explain=pacing_percent",
        "/data/connections",
        "/data/connections/conn_1",
        "/data/syncs",
        "/data/syncs?connection=conn_1",
        "/data/syncs/sync_1",
        "/onboarding/connect",
        "/onboarding/advertisers?connection=conn_1",
        "/onboarding/progress?sync=sync_1",
      ],
    }
  `);
});

it("follows only paths of our own host after sign-in", () => {
  expect(safePath("/pacing?status=behind")).toBe("/pacing?status=behind");
  expect(safePath("//evil.example")).toBeUndefined();
  expect(safePath("/\\evil.example")).toBeUndefined();
  expect(safePath("https://evil.example")).toBeUndefined();
  expect(safePath(undefined)).toBeUndefined();
});
