// What moves with satisfaction: what answers about sessions with something are other by, and how much that makes of all.

import { html, nothing } from 'lit';
import { change, count, MISSING, title, valueWithUnit } from './format.js';
import { saveTableButton } from './lists.js';
import { FEW, interval, newestOf, noneKept, periodWords } from './metrics.js';
import { choice, empty, noteAnd, panel, regardless, scrollingTable } from './panels.js';
import { flag, incomplete, noneComplete } from './scores.js';

const SURVEYS = {
  csat: { name: 'CSAT', mean: 'mean CSAT (1 to 5)' },
  nps: { name: 'NPS', mean: 'NPS' },
};

/** Factors that read better by another name than their own. */
const FACTORS = { re_ask: 'Asked again', self_service: 'Self-service' };

export const factorName = (factor) => FACTORS[factor] ?? title(factor);

export function drivers(page) {
  const survey = SURVEYS[page.view.moves];
  const found = ofSurvey(page.sections.drivers?.data, page.view.moves);
  const figures = found.flatMap(figuresOf);
  const period = periodWords(page.view, newestOf(figures) ?? page.view.until);
  return panel({
    name: 'drivers',
    title: `What moves with ${survey.name}`,
    note: html`${noteAnd(period, regardless(page, { channel: true }))}${noneComplete(figures) ? html` ${flag()}` : nothing}`,
    tools: html`${choice({
      name: 'moves',
      legend: 'Answers',
      options: Object.entries(SURVEYS).map(([value, { name }]) => [value, name]),
      chosen: page.view.moves,
      choose: (moves) => page.show({ moves }),
    })}
    ${found.length ? saveTableButton(`moves-with-${page.view.moves}`) : nothing}`,
    section: page.sections.drivers,
    busy: true,
    content: () => content(page, survey, found, period),
  });
}

const ofSurvey = (data, survey) => (data?.drivers ?? []).filter((driver) => driver.survey === survey);

const figuresOf = ({ effect, share, impact }) => [effect, share, impact].filter(Boolean);

function content(page, survey, found, period) {
  if (!found.length) {
    const metrics = page.sections.metrics?.data;
    if (metrics && noneKept(page.view, metrics.metrics, metrics.first_kept)) return empty('No figure was kept for this end yet');
    return empty(
      `Nothing to compare in the ${period}`,
      `That needs answers to ${survey.name} about sessions with something, a long wait for example, and about sessions without it. It is reckoned over everything only, not by channel or segment.`,
    );
  }
  const marked = !noneComplete(found.flatMap(figuresOf));
  return html`${scrollingTable(
      `What moves with ${survey.name}`,
      'figures',
      html`<thead>
        <tr><th scope="col">Sessions with</th><th scope="col">Impact</th><th scope="col">Effect</th><th scope="col">Share</th></tr>
      </thead>
      <tbody>
        ${found.map((driver) => row(driver, survey, marked))}
      </tbody>`,
    )}
    <p class="hint">
      Effect: ${survey.mean} of answers about sessions with it less that of the others, and its 95 % interval. Share: of the n answers that are about sessions with it. Impact:
      effect times share. Over everything only, not by channel or segment. <b>That both move together does not say which moves which.</b>
    </p>`;
}

function row(driver, survey, marked) {
  const { factor, effect, share, impact } = driver;
  const ends = effect && interval(effect);
  const clear = effect && beyondChance(effect);
  const tone = clear && impact ? (impact.value > 0 ? 'good' : 'bad') : '';
  const partly = marked && figuresOf(driver).some((figure) => !figure.complete);
  const n = (share ?? effect ?? impact)?.n;
  return html`<tr>
    <th scope="row">${factorName(factor)}${partly ? incomplete() : nothing}<small>${without(impact, survey)}${effect && !clear ? '; may be chance' : nothing}</small></th>
    <td class=${tone}><b>${impact ? change(impact.value, impact) : MISSING}</b></td>
    <td>${effect ? change(effect.value, effect) : MISSING}${ends ? html`<small>${change(ends.low, effect)} to ${change(ends.high, effect)}</small>` : nothing}</td>
    <td>${share ? valueWithUnit(share.value, share) : MISSING}<small>n ${count(n)}</small></td>
  </tr>`;
}

/** What would be otherwise, were there none of it. */
function without(impact, { name }) {
  if (!impact) return MISSING;
  const difference = change(impact.value, impact);
  if (difference.startsWith('±')) return `${name} the same without it`;
  return `${name} ${difference.slice(1)} ${impact.value < 0 ? 'higher' : 'lower'} without it`;
}

/** Whether nothing is not within the interval; one without width says that of few answers not. */
function beyondChance({ ci_low: low, ci_high: high, n }) {
  return (low > 0 || high < 0) && (low !== high || n >= FEW);
}
