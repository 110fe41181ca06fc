import { svg, html } from 'lit';

const icon = (content) =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${content}</svg>`;

export const mark = () => html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <path d="M4 22c6 0 6-12 12-12s6 12 12 12"></path>
  <circle cx="4.5" cy="22" r="3"></circle><circle cx="16" cy="10" r="3"></circle><circle cx="27.5" cy="22" r="3"></circle>
</svg>`;

export const up = () => icon(svg`<path d="M8 3.5v9M4 7.5l4-4 4 4"></path>`);
export const down = () => icon(svg`<path d="M8 12.5v-9M4 8.5l4 4 4-4"></path>`);
export const evidence = () => icon(svg`<circle cx="3.5" cy="8" r="1.6"></circle><circle cx="12.5" cy="8" r="1.6"></circle><path d="M5.5 8h5"></path>`);
export const close = () => icon(svg`<path d="M4 4l8 8M12 4l-8 8"></path>`);
export const system = () => icon(svg`<circle cx="8" cy="8" r="5.5"></circle><path class="filled" d="M8 2.5a5.5 5.5 0 0 1 0 11z"></path>`);
export const sun = () =>
  icon(svg`<circle cx="8" cy="8" r="3"></circle><path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M3 13l1.2-1.2M11.8 4.2L13 3"></path>`);
export const moon = () => icon(svg`<path d="M13.2 9.8A5.6 5.6 0 0 1 6.2 2.8a5.6 5.6 0 1 0 7 7z"></path>`);

/** Shape and colour both tell the severity. */
export function severity(name) {
  const shapes = {
    critical: svg`<path d="M8 1.2l6.8 6.8L8 14.8 1.2 8z"></path>`,
    error: svg`<rect x="2" y="2" width="12" height="12" rx="2.5"></rect>`,
    warning: svg`<path d="M8 1.8l6.6 12H1.4z"></path>`,
  };
  return html`<svg class="severity" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    ${shapes[name] ?? svg`<circle cx="8" cy="8" r="6"></circle>`}
  </svg>`;
}
