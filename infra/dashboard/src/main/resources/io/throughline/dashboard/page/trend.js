// One metric in full: what it means, its trend as chart and as table.

import { html, nothing } from 'lit';
import { count, dateTime, millis, scaleWords, valueWithUnit } from './format.js';
import { behind, behindWords, interval, metricWords, WINDOWS } from './metrics.js';
import { empty, scrollingTable } from './panels.js';
import { compared, figuresPeriod, withNewest } from './scores.js';
import './charts.js';

const DIRECTIONS = { higher_is_better: 'Higher is better', lower_is_better: 'Lower is better' };

export function metricDialog(page) {
  const series = page.view.metric;
  const words = metricWords(series.split('/')[0]);
  const metric = page.sections.metrics?.data?.metrics.find((each) => each.series === series);
  const window = WINDOWS[page.view.window];
  if (!metric) {
    return { title: words.full, body: empty(page.sections.metrics ? `Not measured in the ${figuresPeriod(page)}` : 'Loading…') };
  }
  const points = withNewest(page.sections.trends?.data?.trends?.[metric.series], metric);
  const between = (of) => {
    const ends = interval(of, metric.metric_id);
    return ends ? `${valueWithUnit(ends.low, metric)} to ${valueWithUnit(ends.high, metric)}` : '';
  };
  const fact = (name, what) => html`<div><dt>${name}</dt><dd>${what}</dd></div>`;
  const source = behind(metric.metric_id, page.view.channel, metric.scale);
  return {
    title: words.full,
    kicker: html`<span class="kicker"><span>${figuresPeriod(page)}</span></span>`,
    body: html`<p class="lead">
        <span class="figure">${valueWithUnit(metric.value, metric)}</span>${compared(metric, page.view.window)}
        <span class="hint">${words.says}${DIRECTIONS[metric.direction] ? `. ${DIRECTIONS[metric.direction]}.` : '.'}</span>
      </p>
      <dl class="facts">
        ${between(metric) ? fact('95 % interval', between(metric)) : nothing}
        ${fact('Observations', html`<a href=${page.href('search', source.to)} title=${behindWords(source)}>${count(metric.n)}</a>`)}
        ${metric.scale ? fact('Scale', scaleWords(metric.scale)) : nothing}
        ${metric.previous ? fact(`In ${window.before}`, `${valueWithUnit(metric.previous.value, metric)} (n ${count(metric.previous.n)})`) : nothing}
        ${fact('True as of', dateTime(millis(metric.as_of)))}
        ${fact('Window', metric.complete ? 'complete' : 'incomplete: part of it lies before the first touchpoint')}
        ${metric.restated ? fact('Restated', 'yes, a correction changed an earlier value') : nothing}
        ${fact('Formula', `version ${metric.formula_version}`)}
      </dl>
      <h3>Trend <small>value of the ${page.view.until ? `${window.length} before each point,` : window.words} over ${window.trend}</small></h3>
      ${points.length > 1
        ? html`<trend-chart .model=${page.trendModel(metric, points)} aria-label="Line with its 95 % interval: ${words.full} over ${window.trend}. The table below shows the figures."></trend-chart>
            <details
              class="as-table"
              ?open=${page.view.history === 'table'}
              @toggle=${(event) => page.adjust({ history: event.target.open ? 'table' : 'chart' })}
            >
              <summary>As a table</summary>
              ${scrollingTable(`${words.full}, newest first`, 'figures', rows(metric, points, between))}
            </details>`
        : empty('No history yet', 'The first points appear as the window moves on.')}
      <p class="more">
        <a href=${page.href('search', source.to)} title=${behindWords(source)}>${source.exact ? `${source.name} behind it` : source.name}</a> · <a href=${page.href('channels', {})}>By channel</a>
        ${metric.metric_id === 'promise_kept_rate'
          ? html` · <a href=${page.href('search', { find: 'issues', verdict: 'promise_broken' })}>Promises broken</a> · <a href=${page.href('search', { find: 'issues', verdict: 'promise_open' })}>Promises still open</a>`
          : nothing}
        ${['nps', 'csat', 'csat_mean', 'ces'].includes(metric.metric_id)
          ? html` · <a href=${page.href('search', { find: 'verbatims', metric: metric.metric_id.replace('_mean', '') })}>What they said</a>`
          : nothing}
      </p>`,
  };
}

const rows = (metric, points, between) => html`<thead>
  <tr><th scope="col">As of</th><th scope="col">Value</th><th scope="col">95 % interval</th><th scope="col">Observations</th></tr>
</thead>
<tbody>
  ${[...points].reverse().map(
    (point) => html`<tr>
      <th scope="row">${dateTime(millis(point.as_of))}</th>
      <td><b>${valueWithUnit(point.value, metric)}</b></td>
      <td>${between(point) || '–'}</td>
      <td>${count(point.n)}</td>
    </tr>`,
  )}
</tbody>`;
