// How customers feel: the three scores, and what goes on this minute.

import { html, nothing } from 'lit';
import { change, count, dateMinute, millis, rate, scaleWords, value, unit, valueWithUnit } from './format.js';
import { freshnessDot } from './pipeline.js';
import { band, comparison, interval, metricWords, newestOf, noneKept, periodWords, WINDOWS } from './metrics.js';
import { down, up } from './icons.js';
import { regardless } from './panels.js';
import { sparkline } from './sparkline.js';

/** What stands for each question, the first that was measured. */
const SCORES = [['nps'], ['csat'], ['ces']];
const MORE = [['fcr_net', 'fcr_gross', 'fcr_behavioural'], ['wait_p50', 'wait_p90'], ['touchpoints']];

export function scores(page) {
  const section = page.sections.metrics;
  const metrics = section?.data?.metrics ?? [];
  return html`${kept(page, section?.data)}
  <section class="scores" aria-labelledby="scores-title">
    <h2 id="scores-title" class="sr">Scores, ${figuresPeriod(page)}</h2>
    ${SCORES.map((ids) => first(page, ids, metrics, section))} ${now(page)} ${MORE.map((ids) => first(page, ids, metrics, section))}
    ${trust(page)}
  </section>`;
}

/** The period of the metrics that are shown, in words. */
export const figuresPeriod = (page) => periodWords(page.view, newestOf(page.sections.metrics?.data?.metrics ?? []));

/** With a chosen end: as of when the figures are, and that those beside them are of now. */
function kept(page, data) {
  const { window, until } = page.view;
  if (!until || !data) return nothing;
  const asOf = newestOf(data.metrics);
  const first = millis(data.first_kept);
  const often = `Figures of the past are kept ${WINDOWS[window].kept}`;
  return html`<p class="kept" role="status">
    ${asOf
      ? html`Scores and service are of the <b>${figuresPeriod(page)}</b>: ${often.toLowerCase()}, and this is the last up to ${dateMinute(millis(until))}.`
      : noneKept(page.view, data.metrics, data.first_kept)
        ? html`<b>No figure was kept for this end yet.</b> ${often}; <a href=${page.href('overview', { until: data.first_kept })}>the first is of ${dateMinute(first)}</a>.`
        : html`Nothing was measured in the ${figuresPeriod(page)}. ${often}.`}
    “Right now”, “Can these be trusted?”, touchpoints by channel, alerts and open sessions are of now.
  </p>`;
}

function first(page, ids, metrics, section) {
  const id = ids.find((each) => oneScale(metrics, each)) ?? ids[0];
  return score(page, id, oneScale(metrics, id), metrics, section);
}

/**
 * Answers on different scales are never averaged: the scale most answered on stands for the score, the others are measures.
 * Where all are on one, that series says on which.
 */
export function oneScale(metrics, id) {
  const all = metrics.filter((metric) => metric.metric_id === id).sort((left, right) => right.n - left.n);
  const whole = all.find((metric) => !metric.scale);
  return whole ? (all.find((metric) => metric.scale && metric.n === whole.n) ?? whole) : all[0];
}

function score(page, id, metric, metrics, section) {
  const words = metricWords(id);
  if (!metric) {
    const why = !section
      ? 'Loading'
      : section.error && !section.data
        ? `Could not be read: ${section.error}`
        : noneKept(page.view, metrics, section.data?.first_kept)
          ? 'No figure was kept for this end yet'
          : `No answers in the ${figuresPeriod(page)}`;
    return html`<article class="panel score none" aria-busy=${section ? 'false' : 'true'}>
      <h3><abbr title=${words.full}>${words.name}</abbr></h3>
      <p class="figure">–</p>
      <p class="qualifier">${why}</p>
    </article>`;
  }
  const points = withNewest(page.sections.trends?.data?.trends?.[metric.series], metric);
  return html`<article class="panel score ${SCORES.some(([each]) => each === id) ? '' : 'further'}">
    <h3><abbr title=${words.full}>${words.name}</abbr></h3>
    ${compared(metric, page.view.window)}
    <p class="figure">${value(metric.value, metric)}<small>${unit(metric)}</small></p>
    <p class="qualifier">
      ${confidence(metric)}<span><b>n</b> ${count(metric.n)}</span>${scale(metric)}${metric.complete ? nothing : flag()}${page.view.until ? html`<span><b>as of</b> ${dateMinute(millis(newestOf(metrics)))}</span>` : nothing}
    </p>
    ${sparkline(points, (point) => band(point, id))}
    <button class="cover" @click=${() => page.show({ metric: metric.series })}>
      <span class="sr">${words.full}: trend and figures</span>
    </button>
  </article>`;
}

export function confidence(metric) {
  const ends = interval(metric);
  return ends
    ? html`<span title="95 % confidence interval"><b>95 %</b> ${value(ends.low, metric)} to ${valueWithUnit(ends.high, metric)}</span>`
    : nothing;
}

const scale = (metric) => (metric.scale ? html`<span><b>scale</b> ${scaleWords(metric.scale)}</span>` : nothing);

/** What keeps a value from being the whole truth. */
export const flag = () =>
  html`<span class="flag" title="Part of the window lies before the first touchpoint the pipeline saw">incomplete window</span>`;

/** The same where there is room for a dot only. */
export const incomplete = () => html`<i class="dot warn" title="Incomplete window"></i><span class="sr">, incomplete window</span>`;

/** Where no window is complete that is said once, for all. */
export const noneComplete = (metrics) => metrics?.length > 0 && metrics.every((metric) => !metric.complete);

/** @param unknown what to say where nothing is known of the window before */
export function compared(metric, window, unknown = 'no earlier value') {
  const compared = comparison(metric);
  if (!compared) return html`<p class="change neutral" title="No earlier value">${unknown}</p>`;
  const arrow = !compared.clear ? nothing : compared.difference > 0 ? up() : down();
  const meaning = meaningOf(compared);
  const why = compared.clear
    ? `${meaning} than ${WINDOWS[window].before}`
    : compared.few
      ? `no clear change: too few observations to tell the difference to ${WINDOWS[window].before} from chance`
      : `no clear change: the difference to ${WINDOWS[window].before} is within chance`;
  return html`<p class="change ${compared.tone}" title=${why}>
    ${arrow}${change(compared.difference, metric)}<span class="sr">${why}</span>
  </p>`;
}

/** What a clear change comes to: where neither way is wanted, only which way it went. */
const meaningOf = ({ tone, difference }) => ({ good: 'better', bad: 'worse' })[tone] ?? (difference > 0 ? 'higher' : 'lower');

/** The same as a sign in a table's cell: nothing where there is no clear change. */
export const changeMark = (compared) =>
  compared?.clear
    ? html`<span class="change ${compared.tone}">${compared.difference > 0 ? up() : down()}<span class="sr">${meaningOf(compared)}</span></span>`
    : nothing;

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
    ${aside(regardless(page, {}))}
    <dl>
      <div>
        <dt>Touchpoints</dt>
        <dd><a href=${page.href('search', { find: 'touchpoints' })}>${rate(perSecond)}<small>/s</small></a></dd>
      </div>
      <div>
        <dt>Open sessions</dt>
        <dd>${sessions ? html`<a href=${page.href('search', { status: 'open' })}>${count(sessions.open)}</a>` : '–'}</dd>
      </div>
      <div>
        <dt>Alerts waiting</dt>
        <dd>${alerts ? html`<a class=${serious > 0 ? 'bad' : ''} href=${page.href('alerts', {})}>${count(alerts.active)}</a>` : '–'}</dd>
      </div>
    </dl>
  </article>`;
}

/** What the controls at the top do not change. */
const aside = (said) => (said ? html`<p class="qualifier">${said}</p>` : nothing);

/** Whether the figures can be trusted, in three marks; the page behind says more. */
function trust(page) {
  const section = page.sections.pipeline;
  const data = section?.data;
  const account = data?.accounting;
  const day = lately(page.sections.quality?.data);
  return html`<article class="panel now trust">
    <h3>Can these be trusted?</h3>
    ${aside(regardless(page, { now: true, channel: true }))}
    ${data
      ? html`<dl>
          <div>
            <dt>Newest touchpoint</dt>
            <dd>${freshnessDot(page, data.newest_received_time)}</dd>
          </div>
          <div>
            <dt>Every record accounted for</dt>
            <dd>${account ? html`<a class="badge ${account.balances ? 'good' : 'bad'}" href=${page.href('pipeline', {})}>${account.balances ? 'yes' : 'no'}</a>` : '–'}</dd>
          </div>
          <div>
            <dt>Rejected or late, 24 h</dt>
            <dd>
              <a class="badge ${day.tone}" href=${page.href('pipeline', { window: '24h', until: '' })} title=${day.says}>${day.in ? `${share(day.lost)} %` : '–'}<span class="sr">, ${day.says}</span></a>
            </dd>
          </div>
        </dl>`
      : html`<p class="qualifier">${section?.error ?? 'Loading'}</p>`}
  </article>`;
}

/** Quality of what was read in the last 24 hours, as the index of quality tells. */
function lately(quality) {
  if (!quality) return { in: 0, tone: '', says: 'not known yet' };
  const sum = (fate) => quality.steps.reduce((total, step) => total + step[fate], 0);
  const read = sum('in');
  const lost = sum('rejected') + sum('late');
  const percent = read ? (100 * lost) / read : 0;
  return {
    in: read,
    lost: percent,
    tone: !read ? '' : percent >= 1 ? 'bad' : percent >= 0.1 ? 'warn' : 'good',
    says: read ? `${count(lost)} of ${count(read)} records read did not count; ${count(sum('duplicate'))} were duplicates` : 'nothing was read',
  };
}

const share = (percent) => (percent > 0 && percent < 0.01 ? '< 0.01' : percent.toFixed(percent < 1 ? 2 : 1));

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
