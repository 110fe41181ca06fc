// How well customers are served: waiting, handling, resolution.

import { html, nothing } from 'lit';
import { count, valueWithUnit } from './format.js';
import { metricWords, WINDOWS } from './metrics.js';
import { empty, panel } from './panels.js';
import { compared, flags, withNewest } from './scores.js';
import { sparkline } from './sparkline.js';

const GROUPS = [
  ['Waiting', ['wait_p50', 'wait_p90', 'wait_p95', 'abandonment_rate', 'service_level']],
  ['Handling', ['handle_p50', 'handle_p90']],
  ['Resolution', ['fcr_gross', 'fcr_net', 'fcr_behavioural', 'repeat_contact_rate', 'channel_switches_mean']],
  ['Volume', ['touchpoints', 'customers', 'sessions']],
];

export function service(page) {
  return panel({
    name: 'service',
    title: 'Service',
    note: WINDOWS[page.view.window].words,
    section: page.sections.metrics,
    busy: true,
    content: (data) => content(page, data.metrics),
  });
}

function content(page, metrics) {
  const found = new Map(metrics.map((metric) => [metric.metric_id, metric]));
  const groups = GROUPS.map(([name, ids]) => [name, ids.filter((id) => found.has(id))]).filter(([, ids]) => ids.length);
  if (!groups.length) {
    return empty(`Nothing was measured in the ${WINDOWS[page.view.window].words}`, 'Figures appear with the first waits, calls and resolutions.');
  }
  return html`<div class="measures">
    ${groups.map(
      ([name, ids]) => html`<div>
        <h3>${name}</h3>
        <ul>
          ${ids.map((id) => measure(page, found.get(id)))}
        </ul>
      </div>`,
    )}
  </div>`;
}

function measure(page, metric) {
  const words = metricWords(metric.metric_id);
  const points = withNewest(page.sections.trends?.data?.trends?.[metric.metric_id], metric);
  return html`<li class="measure">
    <span class="name" title=${words.says}>${words.name}${flags(metric)}</span>
    ${sparkline(points)} ${compared(metric, page.view.window)}
    <span class="value" title="n = ${count(metric.n)}">${valueWithUnit(metric.value, metric)}</span>
    <button class="cover" @click=${() => page.show({ metric: metric.metric_id })}>
      <span class="sr">${words.full}: trend and figures</span>
    </button>
  </li>`;
}
