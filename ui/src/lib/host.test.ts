import { describe, expect, it } from "vitest";
import { frontDoorOrigin, orgAddressSuffix, placeOf } from "./host.ts";

describe("the place a host name stands for", () => {
  it.each([
    ["app.localhost", { kind: "front-door" }],
    ["APP.cellplane.example", { kind: "front-door" }],
    ["localhost", { kind: "front-door" }],
    ["127.0.0.1", { kind: "front-door" }],
    ["acme.localhost", { kind: "org", slug: "acme" }],
    ["apple.cellplane.example", { kind: "org", slug: "apple" }],
  ])("%s", (hostname, place) => {
    expect(placeOf(hostname)).toEqual(place);
  });

  it("knows the front door's origin from an org's address", () => {
    expect(frontDoorOrigin({ protocol: "http:", host: "acme.localhost:8080" })).toBe(
      "http://app.localhost:8080",
    );
    expect(frontDoorOrigin({ protocol: "https:", host: "acme.cellplane.example" })).toBe(
      "https://app.cellplane.example",
    );
  });

  it("shows what an org's address will end with", () => {
    expect(orgAddressSuffix({ host: "app.localhost:8080" })).toBe(".localhost:8080");
  });
});
