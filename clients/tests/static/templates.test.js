// What a template names is there: in the data of its page, in what the API answers with, among its methods.

import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME, read } from "./source.js";
import { checked, pages } from "./templates.js";

const SLOW = 600_000; // milliseconds: the types of all pages, on a machine that does much else

test(
  "every name in a template is there, and the data of every page keeps its types down to the last name",
  () => {
    expect(pages.length).toBeGreaterThan(30);
    expect(checked(pages)).toEqual({ faults: [], holes: [] });
  },
  SLOW,
);

test(
  "a misspelt name would be found, on a page of residents and on one of staff",
  () => {
    const templates = {
      "pages/ticket/index.wxml": `{{tiket.number}} {{ticket.numbr}} <view bindtap="onCopi"></view>
        <view wx:for="{{ticket.timeline}}">{{item.wat}}</view> <view wx:if="{{busy}}" bindtap="onCopy">{{item}}</view>`,
      "staff/work/index.wxml": `<view wx:for="{{items}}">{{item.cateogry_name}} {{item.card.phne}}
        <view wx:for="{{item.card.taps}}" wx:for-item="tap">{{tap.nmae}}</view></view>`,
    };
    const script = "staff/work/index.js";
    const wrong = read(script)
      .replace("{ unread: page.unread || 0 }", "{ unraed: page.unread || 0 }")
      .replace("row.ticket_id === id", "row.urgnt === id");
    const { faults } = checked(
      Object.keys(templates).map((path) => join(HOME, path.replace(".wxml", ".js"))),
      (path) => templates[path] ?? (path === script ? wrong : read(path)),
    );
    const misspelt = ["tiket", "numbr", "onCopi", "wat", "item", "cateogry_name", "phne", "nmae", "unraed", "urgnt"];
    for (const name of misspelt) expect(faults.join()).toContain(`'${name}'`);
  },
  SLOW,
);

test(
  "data that has lost its type would be found, and data that takes a name of the frame",
  () => {
    const wrong = {
      "pages/mine/index.js": [/items: \/\*\*.*?\*\/ \(\[\]\)/, "items: []"],
      "pages/claim/index.js": ["digits: '' }", "digits: '', refused: ['x'] }"],
    };
    const { faults, holes } = checked(
      Object.keys(wrong).map((path) => join(HOME, path)),
      (path) => (wrong[path] ? read(path).replace(...wrong[path]) : read(path)),
    );
    expect(holes).toEqual(["pages/mine/index.js: items[]"]);
    expect(faults).toContain("pages/claim/index.js: Type 'string[]' is not assignable to type 'never'.");
  },
  SLOW,
);
