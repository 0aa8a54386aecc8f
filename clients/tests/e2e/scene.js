// Photos of our own making, as a phone takes them: drawn by the browser, a landing at night, and the same with its lamp mended.

import { page } from "./people.js";

const SIZE = { width: 960, height: 720 };
const STEPS = 7;

/** A JPEG of a landing. */
export async function landing({ isLit = false } = {}) {
  const shown = await page(SIZE);
  await shown.setContent(`<body style="margin:0">${drawn(isLit)}</body>`);
  const photo = await shown.screenshot({ type: "jpeg", quality: 82 });
  await shown.context().close();
  return photo;
}

const drawn = (isLit) => `<svg width="960" height="720" viewBox="0 0 960 720" xmlns="http://www.w3.org/2000/svg">
  <defs>
    <radialGradient id="light" cx="62%" cy="${isLit ? 12 : 96}%" r="${isLit ? 110 : 55}%">
      <stop offset="0" stop-color="${isLit ? "#fff3d0" : "#5c6470"}" stop-opacity="${isLit ? 0.75 : 0.5}"/>
      <stop offset="1" stop-color="#05070a" stop-opacity="${isLit ? 0.25 : 0.86}"/>
    </radialGradient>
    <filter id="grain"><feTurbulence type="fractalNoise" baseFrequency="0.9" numOctaves="2" seed="4"/>
      <feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0.22 0"/></filter>
  </defs>
  <rect width="960" height="720" fill="#b9b4a6"/>
  <rect y="430" width="960" height="290" fill="#7c8a80"/>
  <polygon points="0,720 960,720 760,560 140,560" fill="#8d8a84"/>
  <rect x="90" y="170" width="210" height="390" fill="#6b4a33" stroke="#3c2a1d" stroke-width="8"/>
  <rect x="150" y="90" width="90" height="46" fill="#2f5d9b"/><text x="195" y="124" font-size="34" fill="#fff"
    text-anchor="middle" font-family="sans-serif">2F</text>
  <circle cx="280" cy="370" r="11" fill="#c9b27a"/>
  ${Array.from({ length: STEPS }, (_, n) => stair(n)).join("")}
  <path d="M470 560 L880 250" stroke="#4b5158" stroke-width="14" fill="none"/>
  ${Array.from({ length: STEPS }, (_, n) => `<path d="M${500 + n * 58} ${540 - n * 44} v110" stroke="#4b5158" stroke-width="7"/>`).join("")}
  <g transform="translate(600 40)"><rect x="-6" width="12" height="34" fill="#555"/>
    <circle cy="58" r="30" fill="${isLit ? "#fffbe8" : "#4a4d50"}" stroke="#333" stroke-width="5"/></g>
  <rect width="960" height="720" fill="url(#light)"/>
  <rect width="960" height="720" filter="url(#grain)" opacity="0.55"/>
</svg>`;

const stair = (n) =>
  `<polygon points="${430 + n * 62},${620 - n * 46} 960,${620 - n * 46} 960,${664 - n * 46} ${430 + n * 62},${664 - n * 46}"
    fill="${n % 2 ? "#98948c" : "#a8a49b"}" stroke="#6d6a64" stroke-width="3"/>`;
