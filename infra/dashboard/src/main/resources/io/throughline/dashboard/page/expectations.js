// Which of the four expectations customers have of us are met, and how far.

import { html, nothing } from 'lit';
import { count, MISSING, value } from './format.js';
import { metricWords, noneKept } from './metrics.js';
import { empty, panel } from './panels.js';
import { compared, confidence, figuresPeriod, flag, noneComplete, withNewest } from './scores.js';
import { sparkline } from './sparkline.js';

const EXPECTATIONS = [
  'expectation_speed_flexibility', 'expectation_reliability_transparency', 'expectation_interaction_attention', 'expectation_dissatisfaction_closure',
];

export function expectations(page) {
  const found = ofAll(page.sections.metrics?.data?.metrics);
  return panel({
    name: 'expectations',
    title: 'Expectations',
    note: html`0 to 100, higher is better; ${figuresPeriod(page)}${noneComplete(found) ? html` ${flag()}` : nothing}`,
    section: page.sections.metrics,
    busy: true,
    content: (data) => content(page, data),
  });
}

const ofAll = (metrics) => (metrics ?? []).filter(({ metric_id }) => EXPECTATIONS.includes(metric_id));

function content(page, { metrics, first_kept: first }) {
  const found = ofAll(metrics);
  if (!found.length) {
    if (noneKept(page.view, metrics, first)) return empty('No figure was kept for this end yet');
    return empty(`No expectation was measured in the ${figuresPeriod(page)}`, 'Scores appear with the first waits, promises, answers and issues.');
  }
  // What holds for all is said once, beside the title.
  const marked = !noneComplete(found);
  return html`<ul>
    ${EXPECTATIONS.map((id) => expectation(page, id, found.find((metric) => metric.metric_id === id), marked))}
  </ul>`;
}

function expectation(page, id, metric, marked) {
  const words = metricWords(id);
  if (!metric) {
    return html`<li class="expectation none">
      <span class="name" title=${words.says}>${words.name}</span><span class="faint">not measured in the ${figuresPeriod(page)}</span>
    </li>`;
  }
  const points = withNewest(page.sections.trends?.data?.trends?.[metric.series], metric);
  return html`<li class="expectation">
    <span class="name" title=${words.says}>${words.name}</span>
    ${sparkline(points)} ${compared(metric, page.view.window, MISSING)}
    <span class="value">${value(metric.value, metric)}</span>
    <span class="bar" aria-hidden="true"><i .style=${`width: ${Math.min(100, Math.max(0, metric.value))}%`}></i></span>
    <p class="parts">Of ${words.parts}</p>
    <p class="qualifier">${confidence(metric)}<span><b>n</b> ${count(metric.n)}</span>${marked && !metric.complete ? flag() : nothing}</p>
    <button class="cover" title=${words.says} @click=${() => page.show({ metric: metric.series })}>
      <span class="sr">${words.full}: trend and figures</span>
    </button>
  </li>`;
}
