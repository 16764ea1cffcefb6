import { afterEach, expect, it } from "vitest";
import { moveRow } from "./rows.ts";

afterEach(() => {
  document.body.innerHTML = "";
});

it("goes down and up the rows that open something, and stops at the ends", () => {
  document.body.innerHTML = `<main><table>
    <thead><tr><th><button>Sort</button></th></tr></thead>
    <tbody><tr><td><a href="/1">one</a></td></tr><tr><td>nothing</td></tr>
    <tr><td><a href="/2">two</a> <a href="/x">more</a></td></tr></tbody></table></main>`;
  const here = () => document.activeElement?.textContent;
  const walked = [1, 1, 1, -1, -1].map((step) => {
    moveRow(step as 1 | -1);
    return here();
  });
  expect(walked).toEqual(["one", "two", "two", "one", "one"]);
});

it("begins at the end when going up", () => {
  document.body.innerHTML =
    '<main><table><tbody><tr><td><a href="/1">one</a></td></tr><tr><td><a href="/2">two</a></td></tr></tbody></table></main>';
  moveRow(-1);
  expect(document.activeElement?.textContent).toBe("two");
});
