// What a template names is there: in the data of its page, in what the API answers with, among its methods.

import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME } from "./source.js";
import { faults, pages } from "./templates.js";

const SLOW = 600_000; // milliseconds: the types of all pages, on a machine that does much else

test(
  "every name in a template is there",
  () => {
    expect(pages.length).toBeGreaterThan(30);
    expect(faults(pages)).toEqual([]);
  },
  SLOW,
);

test(
  "a misspelt name would be found",
  () => {
    const template = `{{tiket.number}} {{ticket.numbr}} <view bindtap="onCopi"></view>
    <view wx:for="{{ticket.timeline}}">{{item.wat}}</view> <view wx:if="{{busy}}" bindtap="onCopy">{{item}}</view>`;
    const found = faults([join(HOME, "pages/ticket/index.js")], () => template).join();
    for (const name of ["tiket", "numbr", "onCopi", "wat", "item"]) expect(found).toContain(`'${name}'`);
  },
  SLOW,
);
