// How well customers are served: waiting, handling, resolution.

import { html, nothing } from 'lit';
import { count, MISSING, scaleWords, valueWithUnit } from './format.js';
import { metricWords, noneKept } from './metrics.js';
import { empty, panel } from './panels.js';
import { compared, figuresPeriod, flag, incomplete, noneComplete, oneScale, withNewest } from './scores.js';
import { sparkline } from './sparkline.js';

const GROUPS = [
  ['Waiting', ['wait_p50', 'wait_p90', 'wait_p95', 'first_response_p50', 'abandonment_rate', 'service_level']],
  ['Handling', ['handle_p50', 'handle_p90']],
  ['Volume', ['touchpoints', 'customers', 'sessions']],
  ['Self-service', ['containment_rate', 'failed_self_service_rate']],
  ['Promises and complaints', ['promise_kept_rate', 'complaint_rate']],
  ['Resolution', ['fcr_gross', 'fcr_net', 'fcr_behavioural', 'repeat_contact_rate', 'channel_switches_mean']],
];

export function service(page) {
  return panel({
    name: 'service',
    title: 'Service',
    note: html`${figuresPeriod(page)}${noneComplete(page.sections.metrics?.data?.metrics) ? html` ${flag()}` : nothing}`,
    section: page.sections.metrics,
    busy: true,
    content: (data) => content(page, data),
  });
}

function content(page, { metrics, first_kept: first }) {
  const found = new Map(metrics.filter((metric) => !metric.scale).map((metric) => [metric.metric_id, metric]));
  const scores = otherScales(metrics);
  // What holds for all is said once, beside the title.
  const marked = !noneComplete(metrics);
  const groups = GROUPS.map(([name, ids]) => [name, ids.filter((id) => found.has(id))]).filter(([, ids]) => ids.length);
  if (!groups.length && !scores.length) {
    if (noneKept(page.view, metrics, first)) return empty('No figure was kept for this end yet');
    return empty(`Nothing was measured in the ${figuresPeriod(page)}`, 'Figures appear with the first waits, calls and resolutions.');
  }
  return html`<div class="measures">
    ${groups.map(
      ([name, ids]) => html`<div>
        <h3>${name}</h3>
        <ul>
          ${ids.map((id) => measure(page, found.get(id), marked))}
        </ul>
      </div>`,
    )}
    ${scores.length
      ? html`<div>
          <h3>Scores by scale</h3>
          <ul>
            ${scores.map((metric) => measure(page, metric, marked))}
          </ul>
        </div>`
      : nothing}
  </div>`;
}

/** Where surveys are answered on several scales; with one scale its value is the score itself. */
function otherScales(metrics) {
  const shown = oneScale(metrics, 'ces');
  return metrics.filter(
    (metric) => metric.metric_id === 'csat_mean' || (metric.metric_id === 'ces' && metric.scale && metric !== shown && metric.n !== shown?.n),
  );
}

function measure(page, metric, marked) {
  const words = metricWords(metric.metric_id);
  const points = withNewest(page.sections.trends?.data?.trends?.[metric.series], metric);
  return html`<li class="measure">
    <span class="name" title=${words.says}>${words.name}${metric.scale ? html` <small>${scaleWords(metric.scale)}</small>` : nothing}${marked && !metric.complete ? incomplete() : nothing}</span>
    ${sparkline(points)} ${compared(metric, page.view.window, MISSING)}
    <span class="value" title="n = ${count(metric.n)}">${valueWithUnit(metric.value, metric)}</span>
    <button class="cover" @click=${() => page.show({ metric: metric.series })}>
      <span class="sr">${words.full}: trend and figures</span>
    </button>
  </li>`;
}
