// How the jobs run: what Flink and Kafka tell of them.

import { html, nothing } from 'lit';
import { ago, count, dateTime, duration, millis, time, words } from './format.js';
import { empty, loading, scrollingTable } from './panels.js';

/** Event time this far behind the newest touchpoint is worth a look; twice the usual delay and a checkpoint. */
const BEHIND = 60_000;
const FAR_BEHIND = 600_000;

/** Records a group may be behind without anybody having to look. */
const WAITING = 10_000;

function part({ page, name, title, note, told, content }) {
  const state = page.sections.operations?.data;
  const known = state ? told(state) : null;
  return html`<section class="panel ${name}" aria-labelledby="${name}-title" aria-busy=${page.me?.watches && !known ? 'true' : 'false'}>
    <header><h2 id="${name}-title">${title}</h2><p class="note">${note}</p></header>
    ${!page.me?.watches
      ? page.me
        ? empty('It is not known here how the jobs run', 'Start the dashboard with --config FILE, the jobs’ configuration, and set dashboard.flink_url in it.')
        : loading()
      : !known
        ? loading()
        : html`${known.trouble
            ? html`<p class="trouble" role="status">
                <strong>${known.as_of ? `Data as of ${time(millis(known.as_of))}` : 'Could not be read.'}</strong>
                ${known.as_of ? `(${ago(page.now - millis(known.as_of))}).` : nothing} ${known.trouble}
              </p>`
            : nothing}
          ${known.as_of ? content(known.known) : nothing}`}
  </section>`;
}

export const jobsPanel = (page) =>
  part({
    page,
    name: 'jobs',
    title: 'Jobs',
    note: 'as Flink tells',
    told: (state) => state.jobs,
    content: (jobs) =>
      jobs.length ? html`<div class="jobs-list">${jobs.map((job) => oneJob(page, job))}</div>` : empty('No job runs', 'Flink answers, and has no job: touchpoints wait in Kafka until one is started.'),
  });

const STATES = { RUNNING: 'good', RESTARTING: 'bad', FAILING: 'bad', FAILED: 'bad', CANCELED: 'bad' };

function oneJob(page, job) {
  return html`<div class="job">
    <h3>${job.name} <span class="badge ${STATES[job.state] ?? ''}">${words(job.state.toLowerCase())}</span></h3>
    <p class="hint">
      since ${dateTime(millis(job.started_at))}${job.restarts ? html`, <b class="bad">restarted ${job.restarts === 1 ? 'once' : `${count(job.restarts)} times`}</b>` : nothing}
    </p>
    ${checkpoints(page, job.checkpoints)}
    ${job.stages.length
      ? scrollingTable(
          `Stages of ${job.name}`,
          'figures',
          html`<thead>
            <tr><th scope="col" class="name">Stage</th><th scope="col">Tasks running</th><th scope="col">Event time reached</th><th scope="col">Behind the newest touchpoint</th></tr>
          </thead>
          <tbody>
            ${job.stages.map((stage) => oneStage(page, stage))}
          </tbody>`,
        )
      : nothing}
  </div>`;
}

function oneStage(page, stage) {
  const newest = millis(page.sections.pipeline?.data?.newest_event_time);
  const behind = Math.max(0, newest - millis(stage.watermark));
  const tone = behind > FAR_BEHIND ? 'bad' : behind > BEHIND ? 'warn' : 'good';
  return html`<tr>
    <th scope="row">${words(stage.name)}</th>
    <td class=${stage.running < stage.tasks ? 'bad' : ''}>${count(stage.running)} of ${count(stage.tasks)}</td>
    <td>${stage.watermark ? dateTime(millis(stage.watermark)) : html`<span class="faint">none</span>`}</td>
    <td>${stage.watermark && Number.isFinite(behind) ? html`<i class="dot ${tone}"></i>${duration(behind)}` : html`<span class="faint">–</span>`}</td>
  </tr>`;
}

function checkpoints(page, all) {
  if (!all) return html`<p class="hint">It takes no checkpoints: what it knows is lost when it fails.</p>`;
  const since = all.last ? page.now - millis(all.last.completed_at) : NaN;
  return html`<dl class="facts">
      <div><dt>Last checkpoint</dt><dd>${all.last ? html`<span class=${since > FAR_BEHIND ? 'bad' : ''} title=${dateTime(millis(all.last.completed_at))}>${ago(since)}</span>` : 'none yet'}</dd></div>
      <div><dt>It took</dt><dd>${all.last ? duration(all.last.duration_ms) : '–'}</dd></div>
      <div><dt>State</dt><dd>${all.last ? bytes(all.last.state_bytes) : '–'}</dd></div>
      <div><dt>Completed</dt><dd>${count(all.completed)}</dd></div>
      <div><dt>Failed</dt><dd class=${all.failed ? 'bad' : ''}>${count(all.failed)}</dd></div>
    </dl>
    ${all.not_begun
      ? html`<p class="hint">${all.not_begun === 1 ? 'One was' : `${count(all.not_begun)} were`} due before all tasks ran, as when a job starts, and did not begin.</p>`
      : nothing}
    ${all.failure ? html`<p class="hint">Last failure ${dateTime(millis(all.failed_at))}: ${all.failure}</p>` : nothing}`;
}

/** Binary units, as Flink's own pages show them. */
function bytes(number) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = number > 0 ? Math.min(Math.floor(Math.log2(number) / 10), units.length - 1) : 0;
  return `${(number / 1024 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}

export const lagPanel = (page) =>
  part({
    page,
    name: 'lag',
    title: 'Waiting in Kafka',
    note: 'by consumer group and topic, as of its last commit: a job’s is its last checkpoint',
    told: (state) => state.lag,
    content: (groups) =>
      groups.length
        ? scrollingTable(
            'Records waiting, by consumer group and topic',
            'figures',
            html`<thead>
              <tr><th scope="col" class="name">Consumer group</th><th scope="col" class="name">Topic</th><th scope="col">Partitions</th><th scope="col">Records waiting</th></tr>
            </thead>
            <tbody>
              ${groups.map(
                (each) => html`<tr>
                  <th scope="row">${each.group}</th>
                  <td class="name">${each.topic}</td>
                  <td>${count(each.partitions)}</td>
                  <td class=${each.records > WAITING ? 'bad' : ''}><b>${count(each.records)}</b></td>
                </tr>`,
              )}
            </tbody>`,
          )
        : empty('No group has committed a place yet', 'Jobs commit theirs with their first checkpoint.'),
  });
