// A trend small enough to stand beside its number. It says nothing the dialog behind it does not say in words and figures.

import { nothing, svg, html } from 'lit';
import { millis } from './format.js';

const WIDTH = 120;
const HEIGHT = 36;
const EDGE = 3;

/** @param points oldest first */
export function sparkline(points, { band = false } = {}) {
  if (!points || points.length < 2) return html`<span class="spark empty" aria-hidden="true"></span>`;
  const first = millis(points[0].as_of);
  const last = millis(points.at(-1).as_of);
  const bounded = band && points.every((point) => Number.isFinite(point.ci_low) && Number.isFinite(point.ci_high));
  const lows = points.map((point) => (bounded ? point.ci_low : point.value));
  const highs = points.map((point) => (bounded ? point.ci_high : point.value));
  const low = Math.min(...lows);
  const high = Math.max(...highs);
  const x = (point) => (((millis(point.as_of) - first) / (last - first || 1)) * WIDTH).toFixed(1);
  const y = (value) =>
    (high === low ? HEIGHT / 2 : EDGE + (1 - (value - low) / (high - low)) * (HEIGHT - 2 * EDGE)).toFixed(1);
  const line = points.map((point, index) => `${index ? 'L' : 'M'}${x(point)} ${y(point.value)}`).join('');
  const area = bounded
    ? `${points.map((point, index) => `${index ? 'L' : 'M'}${x(point)} ${y(point.ci_high)}`).join('')}${[...points]
        .reverse()
        .map((point) => `L${x(point)} ${y(point.ci_low)}`)
        .join('')}Z`
    : '';
  return html`<svg
    class="spark"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    aria-hidden="true"
    focusable="false"
  >
    ${bounded ? svg`<path class="spark-band" d=${area}></path>` : nothing}
    ${svg`<path class="spark-line" d=${line} vector-effect="non-scaling-stroke"></path>`}
  </svg>`;
}
