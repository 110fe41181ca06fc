// How customers feel: the three scores, and what goes on this minute.

import { html, nothing } from 'lit';
import { change, count, rate, scaleWords, value, unit, valueWithUnit } from './format.js';
import { comparison, metricWords, WINDOWS } from './metrics.js';
import { down, up } from './icons.js';
import { sparkline } from './sparkline.js';

const SCORES = ['nps', 'csat', 'ces'];

export function scores(page) {
  const section = page.sections.metrics;
  const metrics = section?.data?.metrics ?? [];
  return html`<section class="scores" aria-labelledby="scores-title">
    <h2 id="scores-title" class="sr">Scores, ${WINDOWS[page.view.window].words}</h2>
    ${SCORES.map((id) => score(page, id, oneScale(metrics, id), section))} ${now(page)}
  </section>`;
}

/** Answers on different scales are never averaged: the scale most answered on stands for the score, the others are measures. */
export function oneScale(metrics, id) {
  const all = metrics.filter((metric) => metric.metric_id === id).sort((left, right) => right.n - left.n);
  return all.find((metric) => !metric.scale) ?? all[0];
}

function score(page, id, metric, section) {
  const words = metricWords(id);
  if (!metric) {
    const why = !section
      ? 'Loading'
      : section.error && !section.data
        ? `Could not be read: ${section.error}`
        : `No answers in the ${WINDOWS[page.view.window].words}`;
    return html`<article class="panel score none" aria-busy=${section ? 'false' : 'true'}>
      <h3><abbr title=${words.full}>${words.name}</abbr></h3>
      <p class="figure">–</p>
      <p class="qualifier">${why}</p>
    </article>`;
  }
  const points = withNewest(page.sections.trends?.data?.trends?.[metric.series], metric);
  return html`<article class="panel score">
    <h3><abbr title=${words.full}>${words.name}</abbr></h3>
    ${compared(metric, page.view.window)}
    <p class="figure">${value(metric.value, metric)}<small>${unit(metric)}</small></p>
    <p class="qualifier">
      ${interval(metric)}<span><b>n</b> ${count(metric.n)}</span>${scale(metric)}${metric.complete ? nothing : flag()}
    </p>
    ${sparkline(points, { band: true })}
    <button class="cover" @click=${() => page.show({ metric: metric.series })}>
      <span class="sr">${words.full}: trend and figures</span>
    </button>
  </article>`;
}

export const interval = (metric) =>
  Number.isFinite(metric.ci_low) && Number.isFinite(metric.ci_high)
    ? html`<span title="95 % confidence interval"
        ><b>95 %</b> ${value(metric.ci_low, metric)} to ${valueWithUnit(metric.ci_high, metric)}</span
      >`
    : nothing;

const scale = (metric) => (metric.scale ? html`<span><b>scale</b> ${scaleWords(metric.scale)}</span>` : nothing);

/** What keeps a value from being the whole truth. */
export const flag = () =>
  html`<span class="flag" title="Part of the window lies before the first touchpoint the pipeline saw">incomplete window</span>`;

/** @param unknown what to say where nothing is known of the window before */
export function compared(metric, window, unknown = 'no earlier value') {
  const compared = comparison(metric);
  if (!compared) return html`<p class="change neutral" title="No earlier value">${unknown}</p>`;
  const arrow = !compared.clear ? nothing : compared.difference > 0 ? up() : down();
  const meaning = { good: 'better', bad: 'worse', neutral: compared.clear ? 'changed' : 'no clear change' }[compared.tone];
  const why = compared.clear
    ? `${meaning} than ${WINDOWS[window].before}`
    : `no clear change: the difference to ${WINDOWS[window].before} is within chance`;
  return html`<p class="change ${compared.tone}" title=${why}>
    ${arrow}${change(compared.difference, metric)}<span class="sr">${why}</span>
  </p>`;
}

/** History has one point per slot; the newest value may be ahead of it. Where nothing was measured there is no point. */
export function withNewest(points, metric) {
  const measured = (points ?? []).filter((point) => point.n > 0 && point.as_of !== metric.as_of);
  return [...measured, metric];
}

function now(page) {
  const throughput = page.sections.throughput?.data;
  const sessions = page.sections.sessions?.data;
  const alerts = page.sections.alerts?.data;
  const perSecond = throughput ? lastMinute(throughput, page.view.channel) : NaN;
  const serious = ['critical', 'error'].reduce((sum, severity) => sum + (alerts?.by_severity?.[severity] ?? 0), 0);
  return html`<article class="panel now">
    <h3>Right now</h3>
    <dl>
      <div>
        <dt>Touchpoints</dt>
        <dd>${rate(perSecond)}<small>/s</small></dd>
      </div>
      <div>
        <dt>Open sessions</dt>
        <dd>${sessions ? count(sessions.open) : '–'}</dd>
      </div>
      <div>
        <dt>Alerts waiting</dt>
        <dd class=${serious > 0 ? 'bad' : ''}>${alerts ? count(alerts.active) : '–'}</dd>
      </div>
    </dl>
  </article>`;
}

/** Mean over the last six complete steps. */
export function lastMinute(throughput, channel) {
  const steps = 60_000 / throughput.step_millis;
  const until = throughput.other.length - (throughput.partial ? 1 : 0);
  const sum = (counts) => counts.slice(until - steps, until).reduce((left, right) => left + right, 0);
  const counted = channel
    ? throughput.channels.filter((each) => each.channel === channel).map((each) => each.counts)
    : [...throughput.channels.map((each) => each.counts), throughput.other];
  return counted.reduce((total, counts) => total + sum(counts), 0) / 60;
}
