// A trend small enough to stand beside its number. It says nothing the dialog behind it does not say in words and figures.

import { nothing, svg, html } from 'lit';
import { millis } from './format.js';

const WIDTH = 120;
const HEIGHT = 36;
const EDGE = 3;

/**
 * @param points oldest first
 * @param band the interval of a point, or null; drawn where every point has one
 */
export function sparkline(points, band = () => null) {
  if (!points || points.length < 2) return html`<span class="spark empty" aria-hidden="true"></span>`;
  const first = millis(points[0].as_of);
  const last = millis(points.at(-1).as_of);
  const ends = points.map((point) => band(point));
  const bounded = ends.every(Boolean);
  const low = Math.min(...points.map((point, index) => (bounded ? ends[index].low : point.value)));
  const high = Math.max(...points.map((point, index) => (bounded ? ends[index].high : point.value)));
  const x = (point) => (((millis(point.as_of) - first) / (last - first || 1)) * WIDTH).toFixed(1);
  const y = (value) =>
    (high === low ? HEIGHT / 2 : EDGE + (1 - (value - low) / (high - low)) * (HEIGHT - 2 * EDGE)).toFixed(1);
  const line = points.map((point, index) => `${index ? 'L' : 'M'}${x(point)} ${y(point.value)}`).join('');
  const area = bounded
    ? `${points.map((point, index) => `${index ? 'L' : 'M'}${x(point)} ${y(ends[index].high)}`).join('')}${points
        .map((point, index) => `L${x(point)} ${y(ends[index].low)}`)
        .reverse()
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
