// What the metrics are called, as of when they are, and how a value is compared with the one before.

import { dateMinute, millis } from './format.js';

/** Best, worst and weights are the operator's, so what is said of an expectation names its parts only. */
function expectation(name, full, parts) {
  const says = `0 to 100: the weighted mean of ${parts}; each that was measured is scored from its worst (0) to its best (100), as measure.expectations says`;
  return { name, full: `Expectation: ${full}`, says, parts };
}

export const METRICS = {
  nps: { name: 'NPS', full: 'Net Promoter Score', says: 'Promoters less detractors, −100 to +100' },
  csat: { name: 'CSAT', full: 'Customer satisfaction', says: 'Share of answers 4 or 5 out of 5' },
  csat_mean: { name: 'CSAT mean', full: 'Customer satisfaction, mean', says: 'Mean answer on the survey’s scale' },
  ces: { name: 'CES', full: 'Customer Effort Score', says: 'Mean answer on the survey’s scale' },
  wait_p50: { name: 'Wait, median', full: 'Wait, median', says: 'Half of the customers waited at most this long' },
  wait_p90: { name: 'Wait, 90 %', full: 'Wait, 90th percentile', says: 'Nine in ten customers waited at most this long' },
  wait_p95: { name: 'Wait, 95 %', full: 'Wait, 95th percentile', says: 'Nineteen in twenty customers waited at most this long' },
  handle_p50: { name: 'Handling, median', full: 'Handling time, median', says: 'Half of the contacts took at most this long' },
  handle_p90: { name: 'Handling, 90 %', full: 'Handling time, 90th percentile', says: 'Nine in ten contacts took at most this long' },
  abandonment_rate: { name: 'Abandonment', full: 'Abandonment rate', says: 'Share of waiting customers who gave up' },
  service_level: { name: 'Service level', full: 'Service level', says: 'Share of contacts answered in time' },
  repeat_contact_rate: { name: 'Repeat contacts', full: 'Repeat contact rate', says: 'Share of contacts that followed an earlier one about the same' },
  fcr_gross: { name: 'FCR gross', full: 'First-contact resolution, gross', says: 'Share of issues solved at the first contact, over all issues' },
  fcr_net: { name: 'FCR net', full: 'First-contact resolution, net', says: 'The same, without issues that cannot be solved at once' },
  fcr_behavioural: { name: 'FCR behavioural', full: 'First-contact resolution, behavioural', says: 'Share of issues without a repeat contact' },
  first_response_p50: { name: 'First answer, median', full: 'First answer of a person, median', says: 'Half of the issues that a person answered were answered within this time' },
  promise_kept_rate: { name: 'Promises kept', full: 'Promises kept', says: 'Share of promises kept in time, of those kept or broken; open ones are not in it' },
  containment_rate: { name: 'Contained', full: 'Containment', says: 'Share of sessions that began in self-service and needed no person' },
  failed_self_service_rate: {
    name: 'Failed', full: 'Failed self-service',
    says: 'Share of sessions with self-service after which a person was needed, in the same or in a later session about the same',
  },
  complaint_rate: { name: 'Complaints', full: 'Sessions with a complaint', says: 'Share of sessions with a complaint' },
  channel_switches_mean: { name: 'Channel switches', full: 'Channel switches per session', says: 'Mean changes of channel within a session' },
  touchpoints: { name: 'Touchpoints', full: 'Touchpoints', says: 'Touchpoints within the window' },
  customers: { name: 'Customers', full: 'Unique customers', says: 'Different customers within the window' },
  sessions: { name: 'Sessions', full: 'Sessions', says: 'Sessions begun within the window' },
  expectation_speed_flexibility: expectation(
    'Speed and flexibility', 'speed and flexibility', 'waits, first responses and resolutions (each the 90th percentile), abandonment',
  ),
  expectation_reliability_transparency: expectation(
    'Reliability and transparency', 'reliability and transparency', 'promises kept, gaps of silence (90th percentile), errors',
  ),
  expectation_interaction_attention: expectation('Interaction and attention', 'interaction and attention', 'CSAT, sentiment, transfers'),
  expectation_dissatisfaction_closure: expectation(
    'Closure', 'closure of dissatisfaction', 'first-contact resolution, resolution, repeat contacts, complaints',
  ),
};

export const WINDOWS = {
  '1h': { name: '1 h', words: 'last hour', length: 'hour', kept: 'once a quarter of an hour', before: 'an hour before', trend: '24 hours' },
  '24h': { name: '24 h', words: 'last 24 hours', length: '24 hours', kept: 'once an hour', before: 'the 24 h before', trend: '14 days' },
  '7d': { name: '7 d', words: 'last 7 days', length: '7 days', kept: 'once a day', before: 'the week before', trend: '90 days' },
  '30d': { name: '30 d', words: 'last 30 days', length: '30 days', kept: 'once a day', before: 'the 30 d before', trend: '180 days' },
};

/**
 * The period that is looked at: "last 24 hours", or with a chosen end "24 hours before 27 Nov, 10:00".
 *
 * @param end where what is shown ends, where that is not the chosen end itself
 */
export const periodWords = ({ window, until }, end = until) => (until ? `${WINDOWS[window].length} before ${dateMinute(millis(end))}` : WINDOWS[window].words);

/** As of when the figures are: the newest of them, since one that did not change is not published again. */
export const newestOf = (figures) => figures.reduce((newest, { as_of }) => (newest && millis(newest) >= millis(as_of) ? newest : as_of), undefined);

/**
 * Whether there is no figure because none is kept for a chosen end, which says nothing of what there was.
 *
 * @param first when the first figure is of
 */
export const noneKept = ({ until }, figures, first) => Boolean(until && !figures.length && millis(first) > millis(until));

/** What touchpoints have that a metric counts, as the search for touchpoints names it. */
const OF_TOUCHPOINTS = {
  touchpoints: '', customers: '',
  wait_p50: 'wait', wait_p90: 'wait', wait_p95: 'wait', handle_p50: 'handle', handle_p90: 'handle', handle_p95: 'handle',
  abandonment_rate: 'queue', service_level: 'service_level',
  nps: 'nps', csat: 'csat', csat_mean: 'csat', ces: 'ces',
};

/** Metrics that count issues, and one that counts their contacts. */
const OF_ISSUES = { fcr_gross: 'fcr_gross', fcr_net: 'fcr_net', fcr_behavioural: 'fcr_behavioural', repeat_contact_rate: 'contacts' };

/** Metrics of some of the issues, by the channel of their first contact. */
const AMONG_ISSUES = new Set(['first_response_p50', 'promise_kept_rate']);

/** Metrics that count sessions, under the channel they began with. */
const OF_SESSIONS = new Set(['sessions', 'channel_switches_mean']);

/**
 * Where the search shows what a metric counts, and what that is called.
 *
 * @param exact false: what is shown has what is counted and more
 */
export function behind(id, channel = '', scale = '') {
  if (Object.hasOwn(OF_TOUCHPOINTS, id)) {
    return { to: { find: 'touchpoints', channel, measured: OF_TOUCHPOINTS[id], scale: scale ?? '' }, name: 'Touchpoints', exact: true };
  }
  if (Object.hasOwn(OF_ISSUES, id)) {
    const ofContacts = OF_ISSUES[id] === 'contacts';
    return { to: { find: 'issues', channel, measured: OF_ISSUES[id] }, name: ofContacts ? 'Issues with contacts' : 'Issues', exact: !ofContacts };
  }
  if (AMONG_ISSUES.has(id)) return { to: { find: 'issues', channel }, name: 'Issues of the period', exact: false };
  if (OF_SESSIONS.has(id)) return { to: channel ? { channel: '', step: `channel\t1\t${channel}` } : {}, name: 'Sessions', exact: true };
  return { to: { channel }, name: 'All sessions of the period', exact: false };
}

/** The same for people who point at it. */
export const behindWords = ({ name, exact }) => (exact ? `${name} it counts` : `${name}: what it counts is among them`);

/** What a score, or a difference of two, can be at all: its interval is the normal one and reaches beyond where answers are few. */
const REACH = { nps: [-100, 100], driver_nps_effect: [-200, 200], driver_csat_effect: [-4, 4] };

/** The 95 % interval as far as the metric goes, as it is drawn; null where it has none. */
export function band({ metric_id, ci_low, ci_high }, id = metric_id) {
  if (!Number.isFinite(ci_low) || !Number.isFinite(ci_high)) return null;
  const [lowest, highest] = REACH[id] ?? [-Infinity, Infinity];
  return { low: Math.max(ci_low, lowest), high: Math.min(ci_high, highest) };
}

/**
 * The same in words and figures: null also where it has no width. That says that all answered alike, or one answered, not that
 * the score is certain.
 */
export function interval(metric, id = metric.metric_id) {
  return metric.ci_low === metric.ci_high ? null : band(metric, id);
}

/** Fewer observations say nothing of themselves: they may have no interval, or one without width because they happen to be alike. */
export const FEW = 5;

/**
 * Metrics that are counts and sums of all there was: few of it are what was found, not what something was found from. Their unit
 * does not tell: a mean of counts is of unit count, too.
 */
const TOTALS = new Set([
  'touchpoints', 'customers', 'sessions', 'journeys', 'channel_transitions', 'traffic', 'social_engagement', 'social_customers', 'email_delivered', 'revenue',
  'nps_excluded', 'csat_excluded', 'ces_excluded', 'sentiment_excluded', 'wait_excluded', 'handle_excluded',
]);

export const metricWords = (id) => METRICS[id] ?? { name: id, full: id, says: '' };

/**
 * The change since the window before: its size, whether it is good, and whether it is more than chance. The two windows share
 * no observation, so the error of the difference is the root of the sum of squares; where a metric has no interval, a change
 * of less than a twentieth is not called one, and where few observations have no interval of any width nothing is known of
 * chance, unless they are all there was.
 *
 * @returns in `few` whether that is so
 */
export function comparison(metric) {
  if (!metric?.previous) return null;
  // A total of half a window says nothing about a whole one.
  const total = TOTALS.has(metric.metric_id);
  if (total && !metric.previous.complete) return null;
  const difference = metric.value - metric.previous.value;
  const wanted = { higher_is_better: 1, lower_is_better: -1 }[metric.direction] ?? 0;
  const halves = [metric, metric.previous].map((of) => (of.ci_high - of.ci_low) / 2);
  const chance = halves.every(Number.isFinite) ? Math.hypot(...halves) : Math.abs(metric.previous.value) / 20;
  const few = !total && [metric, metric.previous].some((of, index) => !(halves[index] > 0) && of.n < FEW);
  const clear = Math.abs(difference) > chance && !few;
  const tone = !clear || wanted === 0 ? 'neutral' : Math.sign(difference) === wanted ? 'good' : 'bad';
  return { difference, clear, tone, few };
}
